// Objects of units, kept under their digests: what was compiled once is never compiled again.
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { basename, join } from 'node:path'

/** How many files between two lines of progress. */
const STEP = 20
/** An object that no build has wanted for so long is removed, in ms. */
const UNWANTED = 7 * 24 * 3600 * 1000

/** The name of the source is in it for the messages of linkers. */
export const objectOf = (objects, { source, digest }) =>
  join(objects, `${basename(source, '.c')}-${digest}.o`)

/** Marks an object as wanted. False if there is none. */
function touch(object) {
  if (!existsSync(object)) return false
  const now = new Date()
  utimesSync(object, now, now)
  return true
}

/**
 * Sees to it that every unit has its object in the directory `objects`.
 *
 * @param compiler - its `compileUnits(flags, units, objects, onCompiled)`.
 * @param say - takes a line of progress.
 */
export async function compileMissing({ units, objects, flags, compiler, say }) {
  mkdirSync(objects, { recursive: true })
  const missing = units.filter((unit) => !touch(objectOf(objects, unit)))
  if (missing.length === 0) return
  say(`${missing.length} of ${units.length} files to compile`)
  let compiled = 0
  await compiler.compileUnits(flags, missing, objects, () => {
    compiled += 1
    if (compiled % STEP === 0) say(`${compiled} of ${missing.length} compiled`)
  })
}

/** Removes what no build has wanted for a week: never what another build is about to link. */
export function sweepObjects(objects) {
  if (!existsSync(objects)) return
  for (const name of readdirSync(objects)) {
    const path = join(objects, name)
    const wanted = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (Date.now() - wanted > UNWANTED) rmSync(path, { force: true })
  }
}
