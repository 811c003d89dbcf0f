// Real programs for the benches: where their modules are and what they run.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createHost } from '../dist/index.js'

/** Images and rewritten modules of benches and tests, kept from one run to the next. */
export const DATA_DIRECTORY = fileURLToPath(
  new URL('../node_modules/.cache/bulkhead', import.meta.url),
)

const PYTHON = `
import hashlib, json, re
words = {}
for i in range(60000):
    key = 'k%d' % (i * 7919 % 1000)
    words[key] = words.get(key, 0) + i
text = json.dumps(words, sort_keys=True)
total = sum(x * x % 7 for x in range(300000))
found = len(re.findall(r'k\\d*7": \\d+', text))
class P:
    def __init__(self, x): self.x = x
    def step(self): self.x = (self.x * 31 + 7) % 65521
p = P(1)
for _ in range(150000): p.step()
print(total, found, p.x, hashlib.sha256(text.encode()).hexdigest()[:16])
`
const QUICKJS = `
const words = new Map()
for (let i = 0; i < 200000; i++) {
  const key = 'k' + (i * 7919 % 1000)
  words.set(key, (words.get(key) ?? 0) + i)
}
class P { constructor(x) { this.x = x } step() { this.x = (this.x * 31 + 7) % 65521 } }
const p = new P(1)
for (let i = 0; i < 1500000; i++) p.step()
const sorted = [...words].sort(([a], [b]) => (a < b ? -1 : 1))
const text = JSON.stringify(sorted)
print(p.x, text.length, text.replace(/k\\d*7/g, '').length)
`

/** Images, and how each is told to run \`source\`, which lies in its \`/\` as \`name.txt\` as well. */
export const PROGRAMS = [
  { name: 'python', args: ['python', '-c', PYTHON], source: PYTHON },
  { name: 'quickjs', args: ['quickjs', '/program.js'], source: QUICKJS },
]

/** The module of an image: its largest file. */
async function moduleOf(host, image) {
  const { files } = await host.images.pull(image)
  const { digest } = files.reduce((a, b) => (a.size >= b.size ? a : b))
  const directory = join(DATA_DIRECTORY, 'blobs', 'sha256')
  const name = readdirSync(directory).find((entry) => digest.endsWith(entry))
  return join(directory, name)
}

/** The programs the catalogue has, each with its module; a missing one is left out and said. */
export async function programFiles(only) {
  const host = await createHost({ dataDir: DATA_DIRECTORY })
  try {
    const wanted = PROGRAMS.filter(({ name }) => only?.includes(name) ?? true)
    const found = []
    for (const program of wanted) {
      if (host.images.known().includes(program.name)) {
        found.push({ ...program, module: await moduleOf(host, program.name) })
      } else {
        process.stderr.write(`bench: the catalogue has no ${program.name} yet: left out\n`)
      }
    }
    return found
  } finally {
    await host.close()
  }
}
