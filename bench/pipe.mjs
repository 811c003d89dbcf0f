// How fast bytes go from one process of a container to another through a pipe, and through a chain of
// them: with ends that each process alone holds, which it uses on its own thread, and with ends that the
// parent keeps as well, whose bytes go through the container's kernel. In GB/s of wall time, as the last
// process of the chain sees it. And a chain that a shell makes, from its start to its end, beside the same
// line of dash with the machine's own programs.
import { execFileSync } from 'node:child_process'
import { createInProcessCell } from '../dist/cell/in-process-cell.js'
import { prepared, program, userland } from './guest-root.mjs'
import { specOf } from './inline-guest.mjs'
import { interleaved, median } from './statistics.mjs'
import { withDirectory } from './with-directory.mjs'

const FULL = { rounds: 5, lent: 128 << 20, kept: 4 << 20, shell: 128 << 20 }
const QUICK = { rounds: 1, lent: 1 << 20, kept: 1 << 20, shell: 1 << 20 }
const SLOTS = 8
const KIB = 1024
const PIECES = [4 * KIB, 64 * KIB]
/** Processes: one pipe, and `cat | cat | cat` with what writes and what reads. */
const CHAINS = { 'one pipe': 2, 'a chain of three': 4 }
const GOAL = { atLeast: 0.5 }

const files = () => [program('/p', 'pipes'), ...userland('head', 'cat')]

/** What it prints. */
async function output(cell, { root }, module, args, program) {
  let text = ''
  const process = cell.start({
    module,
    root,
    program,
    guest: { ...specOf(args.map(String)), environment: ['PATH=/bin'] },
    stdin: undefined,
    stdout: (piece) => {
      text += Buffer.from(piece)
    },
    stderr: () => undefined,
  })
  const { exitCode, message } = await process.ended
  if (exitCode !== 0) throw new Error(`${args.join(' ')} exited ${exitCode}: ${message}`)
  return text
}

/** GB/s of one chain. */
const rate = async (cell, parts, args) =>
  Number(await output(cell, parts, parts.pipes, ['/p', ...args])) / 1_000

const PEER_SHELL = 'dash'
const SHELL = 'cat | cat | cat of a shell'
const PEER = `${SHELL}, this machine`
const lineOf = (bytes) => `head -c ${bytes} /dev/zero | cat | cat | cat >/dev/null`

/** GB/s from the start of what runs that line to its end. */
async function lineRate(bytes, run) {
  const from = performance.now()
  await run(lineOf(bytes))
  return bytes / (performance.now() - from) / 1e6
}

const lines = (cell, parts, bytes) => ({
  [SHELL]: () =>
    lineRate(bytes, (line) =>
      output(cell, parts, parts.userland, ['sh', '-c', line], '/bin/userland'),
    ),
  [PEER]: () => lineRate(bytes, (line) => execFileSync(PEER_SHELL, ['-c', line])),
})

const nameOf = (chain, piece, how) => `${chain}, pieces of ${piece / KIB} KiB, ${how}`

function casesOf(cell, parts, amounts) {
  const cases = {}
  for (const [chain, stages] of Object.entries(CHAINS)) {
    for (const piece of PIECES) {
      for (const how of ['lent', 'kept']) {
        cases[nameOf(chain, piece, how)] = () =>
          rate(cell, parts, [stages, amounts[how], piece, how])
      }
    }
  }
  return cases
}

export async function run({ quick }) {
  const { rounds, ...amounts } = quick ? QUICK : FULL
  return await withDirectory(async (dataDirectory) => {
    const cell = createInProcessCell({ dataDirectory, slots: SLOTS })
    try {
      const parts = await prepared(cell, ['pipes', 'userland'], files())
      const cases = { ...casesOf(cell, parts, amounts), ...lines(cell, parts, amounts.shell) }
      const samples = await interleaved(cases, rounds)
      const rows = (how) =>
        Object.keys(samples)
          .filter((name) => name.endsWith(how))
          .map((name) => ({ name, value: median(samples[name]), unit: 'GB/s' }))
      const of = (chain, piece, how) => median(samples[nameOf(chain, piece, how)])
      return {
        figures: [...rows('lent'), ...rows(SHELL)],
        baselines: [...rows('kept'), ...rows(PEER)],
        ratios: [
          {
            name: `${SHELL} over this machine's`,
            value: median(samples[SHELL]) / median(samples[PEER]),
          },
          ...Object.keys(CHAINS).flatMap((chain) => [
            {
              name: `${chain}, pieces of 64 KiB`,
              value: of(chain, 64 * KIB, 'lent'),
              unit: ' GB/s',
              goal: GOAL,
            },
            ...PIECES.map((piece) => ({
              name: `${chain}, pieces of ${piece / KIB} KiB: lent over kept`,
              value: of(chain, piece, 'lent') / of(chain, piece, 'kept'),
            })),
          ]),
        ],
        samples,
        notes: ['Wall time of threads that work together: a busy machine slows all of it.'],
      }
    } finally {
      await cell[Symbol.asyncDispose]()
    }
  })
}
