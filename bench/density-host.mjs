// Child of density.mjs: starts containers of one guest until there are as many as each line of its
// input says, and answers each line when they have all begun. All end with its input.
//
//   node density-host.mjs MODULE PATTERN
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { createHost } from '../dist/index.js'
import { withDirectory } from './with-directory.mjs'

const [module, pattern] = process.argv.slice(2)
const lines = createInterface({ input: process.stdin })
const closed = once(lines, 'close')
/** So little that 200 of them leave the machine usable; it changes nothing about their memory. */
const limits = { cpus: 0.01 }

/** Input that comes only when it is over. */
async function* nothing() {
  await closed
  yield* []
}

/** Resolves when the guest has said that it runs. */
const begin = (host) =>
  new Promise((started) => {
    const stdout = () => started()
    // It ends when the host closes: that it was killed is how it should end.
    host.run({ module, args: [pattern], stdin: nothing(), stdout, limits }).catch(() => {})
  })

await withDirectory(async (dataDir) => {
  const host = await createHost({ dataDir })
  let running = 0
  lines.on('line', async (wanted) => {
    const more = Number(wanted) - running
    running += more
    await Promise.all(Array.from({ length: more }, () => begin(host)))
    process.stdout.write(`${wanted}\n`)
  })
  await closed
  await host.close()
})
