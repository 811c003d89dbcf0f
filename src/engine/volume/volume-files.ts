import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes of all files below a directory; what vanishes meanwhile counts nothing. */
export async function bytesBelow(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => [])
  let sum = 0
  for (const entry of entries) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) sum += await bytesBelow(path)
    else
      sum += await lstat(path).then(
        ({ size }) => size,
        () => 0,
      )
  }
  return sum
}
