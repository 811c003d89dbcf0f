// Adds to package-lock.json the platform packages that npm left out when it wrote the file.
// npm drops an optional dependency that its registry does not serve, and `npm ci` then refuses the
// file: a lockfile written behind a mirror of one platform would be unusable everywhere else.
// Run after `npm install` whenever dependencies change: node scripts/complete-lockfile.mjs
import { readFileSync, writeFileSync } from 'node:fs'

const OS = /\b(android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32|aix)\b/
const CPU = /\b(arm64|arm|x64|ia32|loong64|mips64el|ppc64|riscv64|s390x|wasm32)\b/

const file = 'package-lock.json'
const lock = JSON.parse(readFileSync(file, 'utf8'))
const added = {}
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = `${path}/node_modules/${name}`
    const top = `node_modules/${name}`
    if (lock.packages[nested] || lock.packages[top]) continue
    const cpu = CPU.exec(name)?.[1]
    const os = OS.exec(name)?.[1]
    const musl = name.includes('musl')
    added[top] = {
      version,
      ...(cpu && { cpu: [cpu] }),
      ...(entry.dev && { dev: true }),
      optional: true,
      ...(os && { os: [os] }),
      ...(musl && { libc: ['musl'] }),
    }
  }
}
const sorted = Object.entries({ ...lock.packages, ...added }).sort(([a], [b]) => (a < b ? -1 : 1))
lock.packages = Object.fromEntries(sorted)
writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`)
process.stdout.write(`${Object.keys(added).length} platform packages added to ${file}\n`)
