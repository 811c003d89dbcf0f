// Holds the tree to the layers of scripts/layers.mjs: node scripts/check-layers.mjs [root]
// `--rules` prints the names of all findings there can be, for the test that plants each.
//
// A rule about imports cannot see a file that imports nothing, a folder without a row, or a
// compiler that dependency-cruiser cannot use (with TypeScript 7 it cruises 0 modules and is
// content). So besides the rules: every source file was cruised, every relative import found in
// its text was seen, and every folder has a row.
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { cruise } from 'dependency-cruiser'
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import config from '../.dependency-cruiser.mjs'
import { CORE, isRootFile, LAYERS, PACKAGE_DOORS } from './layers.mjs'
import { filesBelow, report, textOf, withoutComments } from './source-files.mjs'

const IMPORT = /^(?:import|export|\})[^'"\n]*?(?:from )?'(\.[^']+)'/gm

/** Findings that are not dependency-cruiser's. */
const OWN_RULES = [
  'file-not-cruised',
  'import-not-cruised',
  'folder-without-a-row',
  'unknown-folder-in-the-table',
]

if (process.argv.includes('--rules')) {
  const names = [...config.forbidden.map((rule) => rule.name), ...OWN_RULES]
  process.stdout.write(`${names.join('\n')}\n`)
} else {
  await check(resolve(process.argv[2] ?? '.'))
}

async function check(root) {
  process.chdir(root)
  const trees = ['src', 'test'].filter((tree) => filesBelow(root, tree, ['.ts']).length > 0)
  const modules = trees.length > 0 ? await cruised(trees) : []
  const files = filesBelow(root, 'src', ['.ts'])
  const found = [
    ...violations(modules),
    ...unseen(root, files, modules),
    ...rowless(),
    ...brokenTable(),
  ]
  report('layers', found, files.length)
}

async function cruised(folders) {
  const { options, forbidden } = config
  const tsConfig = extractTsConfig(options.tsConfig.fileName)
  const all = { ...options, ruleSet: { forbidden }, validate: true }
  const { output } = await cruise(folders, all, undefined, { tsConfig })
  return output.modules
}

function violations(all) {
  return all
    .flatMap((module) => module.dependencies.map((to) => ({ from: module.source, to })))
    .flatMap(({ from, to }) =>
      (to.rules ?? []).map((rule) => ({ rule: rule.name, at: `${from} -> ${to.resolved}` })),
    )
}

/** Files and imports that are on disk but not among what was cruised. */
function unseen(root, paths, all) {
  const seen = new Map(all.map((module) => [module.source, module.dependencies]))
  return paths.flatMap((path) => {
    const dependencies = seen.get(path)
    if (dependencies === undefined) return [{ rule: 'file-not-cruised', at: path }]
    const imports = new Set(dependencies.map((dependency) => dependency.module))
    return [...withoutComments(textOf(root, path)).matchAll(IMPORT)]
      .filter((match) => !imports.has(match[1]))
      .map((match) => ({ rule: 'import-not-cruised', at: `${path} -> ${match[1]}` }))
  })
}

function rowless() {
  let entries = []
  try {
    entries = readdirSync('src', { withFileTypes: true })
  } catch {
    // No src at all: reported as an empty input.
  }
  return entries
    .filter(({ name }) => !(name in LAYERS || isRootFile(name)))
    .map(({ name }) => ({ rule: 'folder-without-a-row', at: `src/${name}` }))
}

/** The table itself: a misspelt folder in it would allow or forbid nothing. */
function brokenTable() {
  const known = new Set(Object.keys(LAYERS))
  const named = [
    ...CORE,
    ...Object.values(LAYERS).flatMap(({ all = [], types = [] }) => [...all, ...types]),
    ...[
      ...Object.values(LAYERS).flatMap(({ files: single = [] }) => single),
      ...Object.values(PACKAGE_DOORS).flat(),
    ]
      .map((path) => path.split('/')[0])
      .filter((name) => !isRootFile(name)),
  ]
  return named
    .filter((name) => !known.has(name))
    .map((name) => ({ rule: 'unknown-folder-in-the-table', at: name }))
}
