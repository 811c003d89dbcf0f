import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { expect } from 'vitest'
import { digestsOf } from '../../src/engine/image/image-file.ts'
import type { ImageRecord } from '../../src/engine/image/image-store.ts'
import { deferred } from '../../src/std/deferred.ts'
import { bulkhead, DATA_DIRECTORY, startBulkhead } from './bulkhead.ts'

export type LogLine = Readonly<Record<string, unknown>>

export interface TestDaemon {
  /** As DOCKER_HOST wants it. */
  readonly address: string
  readonly port: number
  readonly dataDirectory: string
  readonly pid: number
  /** The next line of its log from the first on, of those that fit; each is given once. */
  logged(fits: (line: LogLine) => boolean): Promise<LogLine>
  /** All it has printed so far. */
  output(): string
  /** Ends it as an operator does; it must end well. */
  stop(): Promise<void>
  /** Ends it as a crash does. */
  kill(): Promise<void>
}

/** What a daemon would have to download or meter again. */
const SHARED = ['blobs', 'downloads', 'images', 'modules']

/** A data directory of its own, which shares the images with all other tests. */
export function dataDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'daemon-'))
  for (const name of SHARED) {
    mkdirSync(join(DATA_DIRECTORY, name), { recursive: true })
    symlinkSync(join(DATA_DIRECTORY, name), join(directory, name), 'junction')
  }
  return directory
}

/** As good as a copy, where both lie on one file system. */
function link(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    copyFileSync(from, to)
  }
}

/** A data directory with images of its own, which may be removed: pulled before, and nothing else. */
export async function ownImages(names: readonly string[]): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'daemon-'))
  for (const name of names) {
    const { code, stderr } = await bulkhead(['pull', name])
    expect([name, code], stderr).toEqual([name, 0])
  }
  const blobs = join('blobs', 'sha256')
  for (const kind of ['images', blobs]) mkdirSync(join(directory, kind), { recursive: true })
  for (const name of names) {
    const record = join('images', `${name}%3Alatest.json`)
    copyFileSync(join(DATA_DIRECTORY, record), join(directory, record))
    const { files } = JSON.parse(readFileSync(join(directory, record), 'utf8')) as ImageRecord
    for (const digest of new Set(digestsOf(files))) {
      if (existsSync(join(directory, blobs, digest))) continue
      link(join(DATA_DIRECTORY, blobs, digest), join(directory, blobs, digest))
    }
  }
  symlinkSync(join(DATA_DIRECTORY, 'modules'), join(directory, 'modules'), 'junction')
  return directory
}

/** Reads a log to its end, and finds the next line that fits. */
function logOf(stream: Readable) {
  const lines: LogLine[] = []
  let changed = deferred<void>()
  createInterface(stream).on('line', (text) => {
    // Node's own warnings are no JSON.
    if (text.startsWith('{')) lines.push(JSON.parse(text) as LogLine)
    changed.resolve()
    changed = deferred()
  })
  return async (fits: (line: LogLine) => boolean): Promise<LogLine> => {
    for (;;) {
      const at = lines.findIndex(fits)
      const [line] = at === -1 ? [] : lines.splice(0, at + 1).slice(-1)
      if (line !== undefined) return line
      await changed.promise
    }
  }
}

export interface ServeOptions {
  readonly listen?: string
  /** Further arguments. */
  readonly more?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** Another Node than the one that runs the tests. */
  readonly node?: string
}

/**
 * Starts `bulkhead serve` at a free port, as a user would. Without a directory that is given, it has
 * one of its own, which goes when it is stopped.
 */
export async function startDaemon(given?: string, how: ServeOptions = {}): Promise<TestDaemon> {
  const directory = given ?? dataDirectory()
  const { listen = 'tcp://127.0.0.1:0', more = [], env = {}, node } = how
  const args = ['serve', '--listen', listen, '--data-dir', directory, ...more]
  const child = startBulkhead(args, { env, ...(node !== undefined && { node }) })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const log = logOf(child.stderr)
  let stdout = ''
  const told = deferred<void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    if (stdout.includes('DOCKER_HOST')) told.resolve()
  })
  child.once('close', () => told.resolve())
  await told.promise
  const address = /DOCKER_HOST=(\S+)/.exec(stdout)?.[1] ?? ''
  expect(address, stderr).toMatch(/^(tcp:\/\/[\d.]+:\d+|unix:\/\/.+)$/)
  const end = async (signal: NodeJS.Signals): Promise<unknown[]> => {
    if (child.exitCode !== null || child.signalCode !== null) {
      return [child.exitCode, child.signalCode]
    }
    const ended: Promise<unknown[]> = once(child, 'exit')
    child.kill(signal)
    return await ended
  }
  return {
    address,
    port: Number(new URL(address).port),
    dataDirectory: directory,
    pid: child.pid ?? 0,
    logged: log,
    output: () => stdout + stderr,
    stop: async () => {
      expect(await end('SIGTERM')).toEqual([0, null])
      if (given === undefined) rmSync(directory, { recursive: true })
    },
    kill: async () => void (await end('SIGKILL')),
  }
}
