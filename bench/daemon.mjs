// A daemon as a user starts it, and requests to it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const CLI = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))

/** Starts a program that says where it listens, and answers where, its process, and how to end it. */
export async function startServer(args) {
  const child = spawn(process.execPath, ['--no-warnings', ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [line] = await once(child.stdout, 'data')
  const port = Number(/:(\d+)\s/.exec(String(line))[1])
  const kill = async () => {
    if (child.exitCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return { port, address: `tcp://127.0.0.1:${port}`, pid: child.pid, kill }
}

export const startDaemon = (directory) =>
  startServer([CLI, 'serve', '--listen', 'tcp://127.0.0.1:0', '--data-dir', directory])

/** Sends one request over a kept connection and answers the body. */
export async function send(agent, port, method, path, body) {
  const sent = request({ agent, port, method, path, host: '127.0.0.1' })
  sent.setHeader('Content-Type', 'application/json')
  sent.end(body && JSON.stringify(body))
  const [response] = await once(sent, 'response')
  const answer = await text(response)
  if (response.statusCode >= 400) throw new Error(`${method} ${path}: ${answer}`)
  return answer
}
