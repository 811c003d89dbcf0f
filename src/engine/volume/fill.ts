import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { LayerFile } from '../../contract/layer.ts'

/** A file's names below a directory of the image; undefined where it is elsewhere. */
function namesBelow(target: string, path: string): readonly string[] | undefined {
  if (!path.startsWith(`${target}/`)) return undefined
  const names = path.slice(target.length + 1).split('/')
  // The image was unpacked by our own rules; nothing here relies on it.
  return names.some((name) => name === '' || name === '.' || name === '..') ? undefined : names
}

async function put(file: LayerFile, path: string): Promise<void> {
  if (file.type === 'directory') {
    await mkdir(path, { recursive: true })
    return
  }
  const { source } = file
  if (file.type !== 'regular' || source === undefined) return
  await mkdir(dirname(path), { recursive: true })
  if (source.kind === 'bytes') await writeFile(path, source.bytes, { mode: file.mode & 0o777 })
  else await copyFile(source.path, path)
}

/**
 * Copies what an image has at `target` into a volume that is empty. Symlinks stay behind: on the host
 * they would lead out of the volume.
 *
 * @param target - a path in the container, without a slash at its end.
 * @param content - the image's files; asked for only if the volume is empty.
 * @source engine API reference, 14
 */
export async function fillEmpty(
  mountpoint: string,
  target: string,
  content: () => Promise<readonly LayerFile[]>,
): Promise<void> {
  if ((await readdir(mountpoint)).length > 0) return
  for (const file of await content()) {
    const names = namesBelow(target, file.path)
    if (names !== undefined) await put(file, join(mountpoint, ...names))
  }
}
