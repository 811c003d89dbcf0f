// Holds the documents to the tree they describe: node scripts/check-documents.mjs [root]
// `--rules` prints the names of all findings there can be, for the test that plants each.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { filesBelow, report, textOf } from './source-files.mjs'

const RULES = [
  'document-too-long',
  'no-such-path',
  'no-longer-not-yet',
  'no-such-script',
  'question-not-in-the-index',
]
/**
 * Lines. The rationale is looked up by its index, and each layer adds to it; a generated document is as
 * long as its table.
 */
const CAP = {
  'README.md': 150,
  'docs/RATIONALE.md': 600,
  'docs/COMPATIBILITY.md': Number.POSITIVE_INFINITY,
}
const CAP_ELSEWHERE = 200

/** A path in backticks; `…` and `*` stand for names, so such a path is a pattern, not a promise. */
const PATH = /`((?:src|test|scripts|guests|docs|wit|bench)\/[\w./-]*)`/g
const NOT_YET = /\bnot yet\b/i
const RATIONALE = 'docs/RATIONALE.md'

if (process.argv.includes('--rules')) {
  process.stdout.write(`${RULES.join('\n')}\n`)
} else {
  check(resolve(process.argv[2] ?? '.'))
}

function check(root) {
  const { scripts = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const documents = [
    ...['README.md', 'src/kernel/README.md', 'guests/README.md'].filter((path) =>
      existsSync(join(root, path)),
    ),
    ...filesBelow(root, 'docs', ['.md']),
  ]
  const findings = documents.flatMap((path) => {
    const lines = textOf(root, path).split('\n')
    return [
      ...tooLong(path, lines),
      ...lines.flatMap((line, at) => [
        ...wrongPaths(root, line, `${path}:${at + 1}`),
        ...wrongScripts(scripts, line, `${path}:${at + 1}`),
      ]),
      ...(path === RATIONALE ? unindexed(lines) : []),
    ]
  })
  report('documents', findings, documents.length)
}

function tooLong(path, lines) {
  const most = CAP[path] ?? CAP_ELSEWHERE
  const count = lines.length - 1
  if (count <= most) return []
  return [{ rule: 'document-too-long', at: path, why: `${count} lines, at most ${most}` }]
}

/** A path that is not there, or one that came and is still announced in the same clause. */
function wrongPaths(root, line, at) {
  return line.split(/[.;|](?:\s|$)/).flatMap((clause) => {
    const announced = NOT_YET.test(clause)
    return [...clause.matchAll(PATH)]
      .map(([, path]) => path)
      .filter((path) => existsSync(join(root, path)) === announced)
      .map((path) => ({
        rule: announced ? 'no-longer-not-yet' : 'no-such-path',
        at: `${at} ${path}`,
      }))
  })
}

function wrongScripts(scripts, line, at) {
  return [...line.matchAll(/\bnpm run ([\w:-]+)/g)]
    .filter(([, name]) => scripts[name] === undefined)
    .map(([, name]) => ({ rule: 'no-such-script', at: `${at} ${name}` }))
}

/** The rationale's questions, as headings and as entries of its index, in the same order. */
function unindexed(lines) {
  const questions = lines.filter((line) => line.startsWith('### ')).map((line) => line.slice(4))
  const index = lines.map((line) => /^- \[(.*)\]\(#.*\)$/.exec(line)?.[1]).filter(Boolean)
  const wrong = Math.max(questions.length, index.length)
  return Array.from({ length: wrong }, (_, at) => [questions[at], index[at]])
    .filter(([question, entry]) => question !== entry)
    .slice(0, 1)
    .map(([question, entry]) => ({
      rule: 'question-not-in-the-index',
      at: question ?? entry,
    }))
}
