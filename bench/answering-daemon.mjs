// A daemon that does nothing: it answers what `docker run --rm` asks at once, from memory. What a
// client takes with it is the client's own time and that of the connections.
//
//   node answering-daemon.mjs
import { createServer } from 'node:http'

const ID = 'a'.repeat(64)
const OUTPUT = Buffer.from('Hello\n')
const HEADERS = { 'Api-Version': '1.51', Ostype: 'linux', 'Docker-Experimental': 'false' }
let attached
let waiting

/** One frame of standard output, as an attachment has it. */
function framed(bytes) {
  const header = Buffer.alloc(8)
  header[0] = 1
  header.writeUInt32BE(bytes.length, 4)
  return Buffer.concat([header, bytes])
}

function answer(response, status, body) {
  response.writeHead(status, { ...HEADERS, 'Content-Type': 'application/json' })
  response.end(body === undefined ? undefined : `${JSON.stringify(body)}\n`)
}

const server = createServer((request, response) => {
  request.resume()
  const path = request.url.replace(/^\/v[\d.]+/, '').split('?')[0]
  if (path === '/containers/create') answer(response, 201, { Id: ID, Warnings: [] })
  else if (path.endsWith('/wait')) {
    response.writeHead(200, { ...HEADERS, 'Content-Type': 'application/json' })
    response.flushHeaders()
    waiting = response
  } else if (path.endsWith('/start')) {
    answer(response, 204)
    attached.end(framed(OUTPUT))
    waiting.end('{"StatusCode":0}\n')
  } else answer(response, 200)
})
server.on('upgrade', (_, socket) => {
  attached = socket
  const type = 'application/vnd.docker.multiplexed-stream'
  socket.write(
    `HTTP/1.1 101 UPGRADED\r\nContent-Type: ${type}\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n`,
  )
})
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`tcp://127.0.0.1:${server.address().port}\n`),
)
