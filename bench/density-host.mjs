// Child of density.mjs: holds so many containers of one guest until its input ends.
//
//   node density-host.mjs MODULE PATTERN COUNT
import { createHost } from '../dist/index.js'
import { withDirectory } from './with-directory.mjs'

const [module, pattern, count] = process.argv.slice(2)
const closed = new Promise((resolve) => process.stdin.on('end', resolve).resume())

/** Input that comes only when it is over. */
async function* nothing() {
  await closed
  yield* []
}

await withDirectory(async (dataDir) => {
  const host = await createHost({ dataDir })
  for (let at = 0; at < Number(count); at += 1) {
    await new Promise((started) => {
      const stdout = () => started()
      // It ends when the host closes: that it was killed is how it should end.
      host.run({ module, args: [pattern], stdin: nothing(), stdout }).catch(() => {})
    })
  }
  process.stdout.write('ready\n')
  await closed
  await host.close()
})
