import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createHost } from '../../dist/index.js'

/** Open descriptors of this process; 0 where the system does not tell. */
function descriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return 0
  }
}
/** What keeps this process awake: ports, threads, handles. */
const handles = (): readonly string[] =>
  process.getActiveResourcesInfo().filter((kind) => /Port|Worker|Thread/.test(kind))

it('1,000 runs one after the other and 200 at once leave nothing behind', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  const before = { descriptors: descriptors(), handles: handles() }
  const host = await createHost({ dataDir: directory })
  const hello = async () => {
    const done = await host.run({ image: 'hello-world' })
    expect([done.exitCode, done.text().includes('Hello from bulkhead')]).toEqual([0, true])
  }
  for (let run = 0; run < 1_000; run += 1) await hello()
  // One thread for the guests and at most two that built image and module.
  expect(host.inUse()).toMatchObject({ slots: 0, modules: 1 })
  expect(host.inUse().threads).toBeLessThanOrEqual(3)
  await Promise.all(Array.from({ length: 200 }, hello))
  expect(host.inUse()).toMatchObject({ slots: 0, modules: 1 })
  await host.close()
  expect(host.inUse()).toEqual({ slots: 0, threads: 0, modules: 0, wedged: 0 })
  expect({ descriptors: descriptors(), handles: handles() }).toEqual(before)
  rmSync(directory, { recursive: true })
}, 300_000)
