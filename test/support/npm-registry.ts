import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { integrityOf } from './archives.ts'

/** How a registry answers a request for a tarball. */
export type Answer = (request: IncomingMessage, response: ServerResponse, bytes: Buffer) => void

/** What is asked for, as a server with ranges answers it. */
const inRanges: Answer = (request, response, bytes) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  if (from >= bytes.length && from > 0) response.writeHead(416).end()
  else if (from === 0) response.end(bytes)
  else {
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`
    response.writeHead(206, { 'content-range': range, 'content-length': bytes.length - from })
    response.end(bytes.subarray(from))
  }
}

/** As `inRanges`, but the connection breaks after `count` bytes of the answer. */
export const cutAfter =
  (count: number): Answer =>
  (request, response, bytes) => {
    const whole = response.end.bind(response)
    const end = (body?: Buffer): ServerResponse => {
      if (body === undefined) return whole()
      if (!response.headersSent) response.writeHead(200, { 'content-length': body.length })
      response.write(body.subarray(0, count), () => response.destroy())
      return response
    }
    inRanges(request, Object.assign(response, { end }), bytes)
  }

/** A registry of one package. Every process variable it sets is put back. */
export async function openRegistry(name = 'thing') {
  const versions = new Map<string, Buffer>()
  /** The `range` of each request for a tarball, or undefined for none. */
  const asked: (string | undefined)[] = []
  /** How the next requests are answered; after them, with ranges. */
  const answers: Answer[] = []
  const server = createServer((request, response) => {
    const file = /\/-\/(.+)\.tgz$/.exec(request.url ?? '')?.[1]
    if (file !== undefined) {
      asked.push(request.headers.range)
      const answer = answers.shift() ?? inRanges
      answer(request, response, versions.get(file) ?? Buffer.of())
      return
    }
    const all = [...versions].map(([version, bytes]): [string, unknown] => {
      const tarball = `http://${request.headers.host}/${name}/-/${version}.tgz`
      return [version, { name, version, dist: { tarball, integrity: integrityOf(bytes) } }]
    })
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ name, versions: Object.fromEntries<unknown>(all) }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const set = { npm_config_registry: `http://127.0.0.1:${port}/`, npm_config_fetch_retries: '0' }
  const before = Object.keys(set).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, set)
  /** From now on nobody answers. */
  const shut = async (): Promise<void> => {
    if (!server.listening) return
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return {
    versions,
    asked,
    answers,
    shut,
    environment: set,
    close: async () => {
      await shut()
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
    },
    /** A version with these bytes, as a catalogue names it. */
    publish: (version: string, bytes: Buffer) => {
      versions.set(version, bytes)
      return { npm: name, version, integrity: integrityOf(bytes), bytes: bytes.length }
    },
  }
}
