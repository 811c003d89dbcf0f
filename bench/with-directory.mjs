// A directory for one bench, gone afterwards.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** In memory where the platform has such a place (Linux), so that no disk is measured. */
const SHARED_MEMORY = '/dev/shm'
export const inMemory = existsSync(SHARED_MEMORY)

export async function withDirectory(work) {
  const directory = mkdtempSync(join(inMemory ? SHARED_MEMORY : tmpdir(), 'bench-'))
  try {
    return await work(directory)
  } finally {
    rmSync(directory, { recursive: true })
  }
}
