import { EngineError } from '../../../contract/errors.ts'
import type { Handler, ImageFacts, ImageVerbs } from '../context.ts'
import { parseFilters } from '../filters.ts'
import { json } from '../json.ts'
import { errorLine, jsonLine, streamed } from '../stream.ts'
import { unixSeconds } from '../time.ts'
import { familiarName } from './familiar-name.ts'

const LIST_FILTERS = ['reference', 'dangling', 'label', 'before', 'since', 'until']

const tagOf = ({ name, tag }: ImageFacts): string => `${name}:${tag}`

/** One that was committed without a name, or whose name another has taken, has none. */
export const repoTags = (image: ImageFacts): readonly string[] =>
  image.name === '<none>' ? [] : [tagOf(image)]

const listShape = (image: ImageFacts) => ({
  Id: image.id,
  ParentId: image.committed?.parent ?? '',
  RepoTags: repoTags(image),
  RepoDigests: [],
  Created: unixSeconds(new Date(image.created)),
  Size: image.size,
  SharedSize: -1,
  VirtualSize: image.size,
  Labels: image.config.Labels ?? {},
  Containers: -1,
})

/** 200, 400. */
export const listImages =
  (images: Pick<ImageVerbs, 'list'>): Handler =>
  async (c) => {
    const filters = parseFilters(c.req.query('filters'), LIST_FILTERS)
    const wanted = filters.get('reference')
    const all = await images.list()
    const shown = all.filter(
      (image) =>
        wanted === undefined || wanted.some((name) => name === image.name || name === tagOf(image)),
    )
    return json(shown.map(listShape))
  }

const inspectShape = (image: ImageFacts) => ({
  Id: image.id,
  RepoTags: repoTags(image),
  RepoDigests: [],
  Parent: image.committed?.parent ?? '',
  Comment: image.committed?.comment ?? '',
  Created: image.created,
  DockerVersion: '',
  Author: image.committed?.author ?? '',
  Architecture: 'wasm',
  Os: 'linux',
  Size: image.size,
  VirtualSize: image.size,
  GraphDriver: { Name: 'overlay', Data: {} },
  RootFS: { Type: 'layers', Layers: [image.id] },
  Metadata: { LastTagTime: image.created },
  Config: { Labels: {}, ...image.config, Volumes: null, ExposedPorts: {} },
})

/** 200, 404. */
export const inspectImage =
  (images: Pick<ImageVerbs, 'inspect'>): Handler =>
  async (c) =>
    json(inspectShape(await images.inspect(c.req.param('name') ?? '')))

/** 200, 404. */
export const imageHistory =
  (images: Pick<ImageVerbs, 'inspect'>): Handler =>
  async (c) => {
    const image = await images.inspect(c.req.param('name') ?? '')
    const created = unixSeconds(new Date(image.created))
    const { committed } = image
    const CreatedBy = committed === undefined ? 'bulkhead pull' : 'bulkhead commit'
    const layer = { Id: image.id, Created: created, CreatedBy, Comment: committed?.comment ?? '' }
    return json([{ ...layer, Tags: repoTags(image), Size: image.size }])
  }

/** 200, 404, 409. */
export const removeImage =
  (images: Pick<ImageVerbs, 'remove'>): Handler =>
  async (c) => {
    const image = await images.remove(c.req.param('name') ?? '')
    return json([...repoTags(image).map((Untagged) => ({ Untagged })), { Deleted: image.id }])
  }

/** A pull: 200 and lines of progress; 404 before the first line. @source engine API reference, 12 */
export const createImage =
  (images: Pick<ImageVerbs, 'pull' | 'list'>): Handler =>
  (c) => {
    const from = c.req.query('fromImage') ?? ''
    if (from === '') {
      throw new EngineError('NOT_IMPLEMENTED', 'import from an archive is not there yet')
    }
    const name = familiarName(from)
    const tag = c.req.query('tag') || 'latest'
    const reference = `${name}:${tag}`
    return streamed(c, 'application/json', async ({ gone, write }) => {
      await write(jsonLine({ status: `Pulling from library/${name}`, id: tag }))
      let writing = Promise.resolve()
      const onProgress = ({ received, total }: { received: number; total: number | undefined }) => {
        const progressDetail = { current: received, ...(total !== undefined && { total }) }
        writing = writing.then(() =>
          write(jsonLine({ status: 'Downloading', progressDetail, id: name })),
        )
      }
      try {
        const image = await images.pull(reference, { onProgress, signal: gone })
        await writing
        await write(jsonLine({ status: 'Pull complete', progressDetail: {}, id: name }))
        await write(jsonLine({ status: `Digest: ${image.id}` }))
        await write(jsonLine({ status: `Status: Downloaded newer image for ${reference}` }))
      } catch (error) {
        await writing
        await write(errorLine(error))
      }
    })
  }
