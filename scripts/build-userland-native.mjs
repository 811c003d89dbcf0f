// Compiles the userland for this machine, so that it can be tried and debugged without wasm.
//
//   node scripts/build-userland-native.mjs DIRECTORY [flags of the compiler...]
//
// puts `userland` there, and `sh` that is the same.
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { filesBelow } from './source-files.mjs'

const SOURCE = 'guests/userland'
const COMPILER = process.env.CC ?? 'gcc'
const FLAGS = ['-std=gnu11', '-O1', '-g', '-Wall', '-Wextra', '-D_GNU_SOURCE']

const [directory, ...flags] = process.argv.slice(2)
if (directory === undefined) throw new Error('usage: build-userland-native.mjs DIRECTORY [flags]')
const output = join(resolve(directory), 'userland')
const files = filesBelow(process.cwd(), SOURCE, ['.c'])
mkdirSync(directory, { recursive: true })
execFileSync(COMPILER, [...FLAGS, `-I${SOURCE}`, ...flags, ...files, '-lm', '-o', output], {
  stdio: 'inherit',
})
const link = join(resolve(directory), 'sh')
rmSync(link, { force: true })
symlinkSync('userland', link)
