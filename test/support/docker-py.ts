import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'

/** Debian's own, whose package `python3-docker` has docker-py: the one on PATH may be another. */
const PYTHON = '/usr/bin/python3'

/** Every program has these, and tells its results by `say`. */
const PRELUDE = `
import docker, io, json, os, sys, tarfile
client = docker.from_env(version=os.environ['API_VERSION'])
api = client.api
said = []
def say(*values): said.append(list(values) if len(values) > 1 else values[0])
def failure(call, *args, **named):
    try:
        call(*args, **named)
    except docker.errors.APIError as error:
        return [type(error).__name__, error.response.status_code, error.explanation]
    return None
class Screen:
    def __init__(self, socket):
        self.socket, self.text, self.seen = socket._sock, '', 0
    def type(self, text): self.socket.sendall(text.encode())
    def shows(self, part):
        while part not in self.text[self.seen:]:
            piece = self.socket.recv(65536)
            if not piece: raise EOFError(self.text)
            self.text += piece.decode()
    def rest(self):
        while self.socket.recv(65536): pass
`
const POSTLUDE = '\nprint(json.dumps(said))\n'

/**
 * What a program says that uses docker-py: a list of JSON values.
 *
 * @param version - of the API: `auto` is the daemon's own.
 * @throws Error loudly, when docker-py is not there or the program fails.
 */
export async function dockerPy(
  address: string,
  version: string,
  program: string,
): Promise<readonly unknown[]> {
  if (!existsSync(PYTHON)) throw new Error(`${PYTHON} is needed for this test, with python3-docker`)
  const env = { DOCKER_HOST: address, API_VERSION: version, HOME: '/nonexistent' }
  const child = spawn(PYTHON, ['-I', '-c', PRELUDE + program + POSTLUDE], { env })
  const text = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (piece: string) => {
      text[stream] += piece
    })
  }
  const [code] = (await once(child, 'close')) as [number | null]
  if (text.stderr.includes("No module named 'docker'")) {
    throw new Error("docker-py is needed for this test: Debian's package python3-docker")
  }
  if (code !== 0) throw new Error(`docker-py ended with ${code}: ${text.stderr}`)
  return JSON.parse(text.stdout.trim().split('\n').at(-1) ?? '') as readonly unknown[]
}
