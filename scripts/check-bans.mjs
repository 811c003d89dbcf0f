// Things no file may say, each with the one place where it is said: node scripts/check-bans.mjs
// [root]. These are searches in the text without its comments: they catch a habit, not an attacker.
// `--rules` prints the names of all bans, for the test that plants each.
import { resolve } from 'node:path'
import { CORE } from './layers.mjs'
import { filesBelow, report, textOf, withoutComments } from './source-files.mjs'

const core = new RegExp(`^src/(${CORE.join('|')})/`)

/**
 * `where`: the files the ban is for; `except`: those of them that may; `why` is printed.
 * `name: true` looks at the path instead of the text.
 */
const BANS = [
  {
    rule: 'wait-outside-thread',
    pattern: /\bAtomics\s*(?:\.\s*wait\b|\[)|\bwait\b[^;=]*\}\s*=\s*Atomics\b/,
    where: /^src\//,
    except: /^src\/thread\//,
    why: 'Atomics.wait blocks whole threads, also the main one: only thread/ parks',
  },
  {
    rule: 'guest-memory-outside-its-door',
    pattern: /memory\b[\w\s!?)\]]*\.\s*buffer\b|\bbuffer\b[^;=]*\}\s*=\s*[\w.#]*memory\b/i,
    where: /^src\//,
    except: /^src\/(abi\/guest-memory\.ts$|thread\/)/,
    why: 'a guest pointer is checked in abi/guest-memory.ts and nowhere else',
  },
  {
    rule: 'clock-not-injected',
    pattern: /\bDate\s*\.\s*now\b|\bnew\s+Date\s*(?:\(\s*\)|[^\s(])|\bperformance\s*\.\s*now\b/,
    where: core,
    why: 'time comes in through contract/clock.ts',
  },
  {
    rule: 'randomness-not-injected',
    pattern: /\bMath\s*\.\s*random\b|\bcrypto\b\s*\./,
    where: core,
    why: 'randomness comes in through contract/clock.ts',
  },
  {
    rule: 'code-from-text',
    pattern: /\beval\s*\(|\bnew\s+Function\s*\(/,
    where: /^src\//,
    why: 'no text becomes code in the product',
  },
  {
    rule: 'skipped-test',
    pattern: /\b(?:it|test|describe)\s*\.\s*(?:skip|only|todo|fails)\b/,
    where: /^test\//,
    why: 'a skipped test says nothing',
  },
  {
    rule: 'vague-name',
    name: true,
    pattern: /(^|[/.-])(utils?|common|misc|manager|service|helpers?)([/.-]|$)/,
    where: /./,
    why: 'a name leads to a place',
  },
  {
    rule: 'unfinished',
    comments: true,
    // Written so that it does not find itself.
    pattern: /\b(TO[D]O|FIX[M]E)\b/,
    where: /^(src|test|scripts|guests)\//,
    why: 'finish it, or write an issue',
  },
]

if (process.argv.includes('--rules')) {
  process.stdout.write(`${BANS.map(({ rule }) => rule).join('\n')}\n`)
} else {
  check(resolve(process.argv[2] ?? '.'))
}

function check(root) {
  const files = ['src', 'test', 'scripts', 'guests'].flatMap((tree) =>
    filesBelow(root, tree, ['.ts', '.mjs', '.c', '.h']),
  )
  const source = files.filter((path) => path.startsWith('src/'))
  report(
    'bans',
    files.flatMap((path) => found(path, textOf(root, path))),
    source.length,
  )
}

function found(path, text) {
  const bans = BANS.filter(({ where, except }) => where.test(path) && !except?.test(path))
  const code = withoutComments(text)
  return bans.flatMap(({ rule, pattern, name, comments, why }) => {
    if (name) return pattern.test(path) ? [{ rule, at: path, why }] : []
    const match = pattern.exec(comments ? text : code)
    if (match === null) return []
    const line = code.slice(0, match.index).split('\n').length
    return [{ rule, at: `${path}:${line}`, why }]
  })
}
