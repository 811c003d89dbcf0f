// A client of Node's own WebSocket, which Node 20 has not: node own-web-socket.mjs URL MESSAGE...
//
// Says `open`, sends each message, prints what it hears, closes when that ends with `bye`, and says the
// code of the end.
const [url, ...messages] = process.argv.slice(2)
/** @param {string | Uint8Array} text */
const say = (text) => process.stdout.write(text)

const socket = new WebSocket(url)
socket.binaryType = 'arraybuffer'
socket.addEventListener('open', () => {
  say('open\n')
  for (const message of messages) socket.send(message)
})
let heard = ''
socket.addEventListener('message', ({ data }) => {
  heard += Buffer.from(data).toString()
  say(Buffer.from(data))
  if (heard.endsWith('bye\n')) socket.close()
})
socket.addEventListener('error', ({ message }) => say(`error ${message}\n`))
socket.addEventListener('close', ({ code }) => say(`closed ${code}\n`))
