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
/** Lines. A generated document is as long as its table. */
const CAP = {
  'README.md': 150,
  // An index: a line for each question.
  'docs/RATIONALE.md': Number.POSITIVE_INFINITY,
  'docs/COMPATIBILITY.md': Number.POSITIVE_INFINITY,
}
const CAP_ELSEWHERE = 200

/** A path in backticks; `…` and `*` stand for names, so such a path is a pattern, not a promise. */
const PATH = /`((?:src|test|scripts|guests|docs|wit|bench)\/[\w./-]*)`/g
const NOT_YET = /\bnot yet\b/i
/** Answers stand by layer, and every question in one index. */
const RATIONALE = 'docs/RATIONALE.md'
const ANSWERS = 'docs/rationale'

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
    ]
  })
  report('documents', [...findings, ...unindexed(root)], documents.length)
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

/** The rationale's questions, page by page, and the entries of its index, in the same order. */
function unindexed(root) {
  if (!existsSync(join(root, RATIONALE))) return []
  const linesOf = (path) => textOf(root, path).split('\n')
  const entries = linesOf(RATIONALE).map((line) =>
    /^- \[(.*)\]\(rationale\/([\w-]+\.md)#.*\)$/.exec(line),
  )
  const index = entries.flatMap((entry) => (entry ? [`${entry[2]}: ${entry[1]}`] : []))
  // Pages in the order in which the index names them; a page that it does not name comes last.
  const named = [...new Set(entries.flatMap((entry) => (entry ? [`${ANSWERS}/${entry[2]}`] : [])))]
  const pages = new Set([...named, ...filesBelow(root, ANSWERS, ['.md'])])
  const questions = [...pages]
    .filter((path) => existsSync(join(root, path)))
    .flatMap((path) => linesOf(path).map((line) => [path, line]))
    .filter(([, line]) => line.startsWith('## '))
    .map(([path, line]) => `${path.slice(ANSWERS.length + 1)}: ${line.slice(3)}`)
  return Array.from({ length: Math.max(questions.length, index.length) }, (_, at) => at)
    .filter((at) => questions[at] !== index[at])
    .slice(0, 1)
    .map((at) => ({ rule: 'question-not-in-the-index', at: questions[at] ?? index[at] }))
}
