import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const REPOSITORY = process.cwd()
const MANIFEST = '{\n  "name": "planted",\n  "version": "1.0.0",\n  "type": "module"\n}\n'

/** What a command left behind: its exit status, and what it printed on either stream. */
interface Outcome {
  readonly status: number | null
  readonly text: string
}

/** A small tree of the shape of this repository, in a temporary directory, with faults in it. */
export interface PlantedTree {
  readonly root: string
  write(files: Readonly<Record<string, string>>): void
  /** Runs a script of this repository, or a tool's script below node_modules, inside the tree. */
  run(script: string, ...args: readonly string[]): Outcome
  /** Runs the tree's own copy of a script, with the tree's own packages. */
  runOwn(script: string, ...args: readonly string[]): Outcome
  read(path: string): string
  removeFile(path: string): void
  /** Puts one file in place of an installed package; all others stay as they are. */
  replacePackage(name: string, manifest: object, index: string): void
  remove(): void
}

/**
 * @param settings - files copied from this repository, so that a gate is tried as it is configured
 * @param files - path in the tree and text
 */
export function plantTree(
  settings: readonly string[],
  files: Readonly<Record<string, string>>,
): PlantedTree {
  const root = mkdtempSync(join(tmpdir(), 'planted-'))
  link(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'))
  for (const path of settings) cpSync(join(REPOSITORY, path), join(root, path), { recursive: true })
  const tree: PlantedTree = {
    root,
    write(more) {
      for (const [path, text] of Object.entries(more)) {
        mkdirSync(dirname(join(root, path)), { recursive: true })
        writeFileSync(join(root, path), text)
      }
    },
    run: (script, ...args) => runIn(root, [resolve(REPOSITORY, script), ...args]),
    // A link below node_modules would lead back to this repository's packages.
    runOwn: (script, ...args) =>
      runIn(root, ['--preserve-symlinks', '--preserve-symlinks-main', script, ...args]),
    read: (path) => readFileSync(join(root, path), 'utf8'),
    removeFile: (path) => rmSync(join(root, path)),
    replacePackage(name, manifest, index) {
      const packages = join(root, 'node_modules')
      rmSync(packages)
      mkdirSync(packages)
      for (const other of readdirSync(join(REPOSITORY, 'node_modules'))) {
        if (other === name || other.startsWith('.')) continue
        link(join(REPOSITORY, 'node_modules', other), join(packages, other))
      }
      tree.write({
        [`node_modules/${name}/package.json`]: JSON.stringify({ name, ...manifest }),
        [`node_modules/${name}/index.js`]: index,
      })
    },
    remove() {
      rmSync(root, { recursive: true, force: true })
    },
  }
  tree.write({ 'package.json': MANIFEST, ...files })
  return tree
}

/** 'junction' needs no privilege on Windows; elsewhere it is an ordinary symbolic link. */
function link(target: string, path: string): void {
  symlinkSync(target, path, 'junction')
}

function runIn(root: string, args: readonly string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
  })
  return { status, text: stdout + stderr }
}

/** The findings in the output of one of `scripts/check-*.mjs`: lines `rule: where`, sorted. */
export function findings(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => /^[\w.@-]+: (?!\d+ checked)/.test(line))
    .map((line) => line.replace(/ \(.*\)$/, ''))
    .sort()
}
