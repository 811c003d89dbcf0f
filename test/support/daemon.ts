import { once } from 'node:events'
import { expect } from 'vitest'
import { DATA_DIRECTORY, startBulkhead } from './bulkhead.ts'

export interface TestDaemon {
  /** As DOCKER_HOST wants it. */
  readonly address: string
  readonly port: number
  /** Ends it as an operator does; it must end well. */
  stop(): Promise<void>
}

/** Starts `bulkhead serve` at a free port, as a user would. */
export async function startDaemon(): Promise<TestDaemon> {
  const listen = ['--listen', 'tcp://127.0.0.1:0', '--data-dir', DATA_DIRECTORY]
  const child = startBulkhead(['serve', ...listen])
  let address = ''
  for await (const bytes of child.stdout) {
    address = /DOCKER_HOST=(\S+)/.exec(String(bytes))?.[1] ?? ''
    if (address !== '') break
  }
  expect(address).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/)
  return {
    address,
    port: Number(new URL(address).port),
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
    },
  }
}
