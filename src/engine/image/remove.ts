import { EngineError } from '../../contract/errors.ts'
import { shortId } from '../../contract/ids.ts'
import type { Container } from '../container/container.ts'
import { announceImage, type ImageParts } from './image-shelf.ts'
import { type ImageRecord, nameOf } from './image-store.ts'

/** What became of an image. */
export interface RemovedImage {
  /** Names that it lost. */
  readonly untagged: readonly string[]
  /** Its id, where it is gone. */
  readonly deleted: string | undefined
  readonly bytes: number
}

const conflict = (text: string): EngineError => new EngineError('IMAGE_IN_USE', `conflict: ${text}`)

const usersOf = ({ containers }: ImageParts, { id }: ImageRecord): readonly Container[] =>
  containers.list().filter(({ record }) => record.spec.imageId === id)

const runs = ({ record }: Container): boolean =>
  ['running', 'paused', 'restarting'].includes(record.state.status)

/** @source engine API reference, 12.3 */
function refuseById(
  image: ImageRecord,
  names: readonly ImageRecord[],
  users: readonly Container[],
  force: boolean,
): void {
  const short = shortId(image.id)
  const running = users.find(runs)
  if (running !== undefined) {
    const by = `image is being used by running container ${shortId(running.id)}`
    throw conflict(`unable to delete ${short} (cannot be forced) - ${by}`)
  }
  if (force) return
  const must = (why: string): EngineError =>
    conflict(`unable to delete ${short} (must be forced) - ${why}`)
  if (names.length > 1) throw must('image is referenced in multiple repositories')
  const [stopped] = users
  if (stopped !== undefined) {
    throw must(`image is being used by stopped container ${shortId(stopped.id)}`)
  }
}

/** Takes the names away, and the image with them unless a container needs its files. */
function removeAll(
  parts: ImageParts,
  records: readonly ImageRecord[],
  users: readonly Container[],
): RemovedImage {
  const untagged = records.flatMap((one) => nameOf(one) ?? [])
  let bytes = 0
  for (const record of records) {
    if (users.length > 0) parts.shelf.unname(record)
    else bytes += parts.shelf.drop(record)
  }
  const [image] = records
  if (image === undefined) return { untagged, deleted: undefined, bytes }
  for (const name of untagged) announceImage(parts, image, 'untag', name)
  if (users.length > 0) return { untagged, deleted: undefined, bytes }
  announceImage(parts, image, 'delete', image.id)
  return { untagged, deleted: image.id, bytes }
}

function removeName(
  parts: ImageParts,
  image: ImageRecord,
  names: readonly ImageRecord[],
  force: boolean,
): RemovedImage {
  const name = `${image.name}:${image.tag}`
  if (names.length > 1) {
    parts.shelf.drop(image)
    announceImage(parts, image, 'untag', name)
    return { untagged: [name], deleted: undefined, bytes: 0 }
  }
  const users = usersOf(parts, image)
  const [user] = users
  if (user !== undefined && !force) {
    const by = `container ${shortId(user.id)} is using its referenced image ${shortId(image.id)}`
    throw conflict(`unable to remove repository reference "${name}" (must force) - ${by}`)
  }
  return removeAll(parts, names, users)
}

/**
 * Removes a name of an image, or an image. One that a container was made from stays, without a name,
 * until its container is gone: the container's files stand on it.
 *
 * @throws EngineError `NO_SUCH_IMAGE` | `IMAGE_IN_USE`.
 * @source docker-rmi(1); engine API reference, 12.3
 */
export const removeImage =
  (parts: ImageParts) =>
  (reference: string, { force }: { readonly force: boolean }): RemovedImage => {
    const image = parts.shelf.get(reference)
    const records = parts.shelf.records().filter(({ id }) => id === image.id)
    const name = nameOf(image)
    const byName = name === reference || name === `${reference}:latest`
    if (byName) return removeName(parts, image, records, force)
    const users = usersOf(parts, image)
    refuseById(image, records, users, force)
    return removeAll(parts, records, users)
  }

/**
 * Removes every image that fits and that no container was made from.
 *
 * @param all - those that have a name as well.
 * @source docker-image-prune(1)
 */
export const pruneImages =
  (parts: ImageParts) =>
  (fits: (image: ImageRecord) => boolean, { all }: { readonly all: boolean }) => {
    const every = parts.shelf.records()
    const removed: RemovedImage[] = []
    for (const id of new Set(every.map((one) => one.id))) {
      const records = every.filter((one) => one.id === id)
      const [image] = records
      const named = records.some((one) => nameOf(one) !== undefined)
      if (image === undefined || (named && !all) || !fits(image)) continue
      if (usersOf(parts, image).length === 0) removed.push(removeAll(parts, records, []))
    }
    const bytes = removed.reduce((sum, one) => sum + one.bytes, 0)
    const actor = { id: '', attributes: { reclaimed: String(bytes) } }
    parts.events.publish({ type: 'image', action: 'prune', actor })
    return { removed, bytes }
  }
