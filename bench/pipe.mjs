// How fast bytes go from one process of a container to another through a pipe, and through a chain of
// them: with ends that each process alone holds, which it uses on its own thread, and with ends that the
// parent keeps as well, whose bytes go through the container's kernel. In GB/s of wall time, as the last
// process of the chain sees it.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createInProcessCell } from '../dist/cell/in-process-cell.js'
import { specOf } from './inline-guest.mjs'
import { interleaved, median } from './statistics.mjs'
import { withDirectory } from './with-directory.mjs'

const GUEST = fileURLToPath(new URL('../guests/build/pipes.wasm', import.meta.url))
const FULL = { rounds: 5, lent: 128 << 20, kept: 4 << 20 }
const QUICK = { rounds: 1, lent: 1 << 20, kept: 1 << 20 }
const SLOTS = 8
const KIB = 1024
const PIECES = [4 * KIB, 64 * KIB]
/** Processes: one pipe, and `cat | cat | cat` with what writes and what reads. */
const CHAINS = { 'one pipe': 2, 'a chain of three': 4 }
const GOAL = { atLeast: 0.5 }

const plain = { mode: 0o755, uid: 0, gid: 0, modified: 0n }

async function prepared(cell) {
  const bytes = readFileSync(GUEST)
  const program = {
    ...plain,
    path: '/p',
    type: 'regular',
    size: bytes.length,
    source: { kind: 'bytes', bytes },
  }
  const files = [{ ...plain, path: '/', type: 'directory', size: 0 }, program]
  const module = await cell.prepareModule({ kind: 'host-file', path: GUEST })
  return { module, root: await cell.prepareRoot('bench', async () => files) }
}

/** GB/s of one chain. */
async function rate(cell, parts, args) {
  let text = ''
  const process = cell.start({
    ...parts,
    guest: specOf(['/p', ...args.map(String)]),
    stdin: undefined,
    stdout: (piece) => {
      text += Buffer.from(piece)
    },
    stderr: () => undefined,
  })
  const { exitCode, message } = await process.ended
  if (exitCode !== 0) throw new Error(`pipes ${args.join(' ')} exited ${exitCode}: ${message}`)
  return Number(text) / 1_000
}

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
      const samples = await interleaved(casesOf(cell, await prepared(cell), amounts), rounds)
      const rows = (how) =>
        Object.keys(samples)
          .filter((name) => name.endsWith(how))
          .map((name) => ({ name, value: median(samples[name]), unit: 'GB/s' }))
      const of = (chain, piece, how) => median(samples[nameOf(chain, piece, how)])
      return {
        figures: rows('lent'),
        baselines: rows('kept'),
        ratios: Object.keys(CHAINS).flatMap((chain) => [
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
        samples,
        notes: ['Wall time of threads that work together: a busy machine slows all of it.'],
      }
    } finally {
      await cell[Symbol.asyncDispose]()
    }
  })
}
