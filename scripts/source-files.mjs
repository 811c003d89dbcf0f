// What the house's own checks share: the list of files, and how a finding is reported.
import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'

/** Every file below `folder` of `root` with one of `extensions`, as `src/a/b.ts`, sorted. */
export function filesBelow(root, folder, extensions) {
  let entries
  try {
    entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
  } catch {
    return []
  }
  return entries
    .filter((entry) => entry.isFile() && extensions.some((ext) => entry.name.endsWith(ext)))
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, sep).length))
    .map((path) => path.replaceAll(sep, '/'))
    .filter((path) => !/(^|\/)node_modules\/|^guests\/build\//.test(path))
    .sort()
}

// Strings come first, so that what looks like a comment inside one is left alone.
const STRING_OR_COMMENT =
  /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g

/** The text with its comments blanked and its lines kept: a ban is about code, not about words. */
export function withoutComments(text) {
  const blank = (comment) => comment.replaceAll(/[^\n]/g, ' ')
  return text.replaceAll(STRING_OR_COMMENT, (found) =>
    found.startsWith('/') ? blank(found) : found,
  )
}

export const textOf = (root, path) => readFileSync(join(root, path), 'utf8')

/**
 * Prints the findings and ends the process: 1 if there are any or if nothing was checked.
 *
 * @param {string} what - the check's name
 * @param {readonly {rule: string, at: string, why?: string}[]} findings
 * @param {number} checked - pieces looked at; 0 is a failure, because a check of nothing is none
 */
export function report(what, findings, checked) {
  const all =
    checked > 0 ? findings : [...findings, { rule: 'empty-input', at: 'nothing was checked' }]
  for (const { rule, at, why } of all) {
    process.stdout.write(`${rule}: ${at}${why === undefined ? '' : ` (${why})`}\n`)
  }
  process.stdout.write(`${what}: ${checked} checked, ${all.length} found\n`)
  process.exitCode = all.length > 0 ? 1 : 0
}
