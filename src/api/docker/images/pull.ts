import { EngineError } from '../../../contract/errors.ts'
import type { Images } from '../../../engine/engine.ts'
import type { Handler } from '../context.ts'
import { errorLine, jsonLine, streamed } from '../stream.ts'
import { familiarName } from './familiar-name.ts'

/** @throws EngineError `NO_SUCH_IMAGE`, in the words of a registry that has no such thing. */
function refuseUnknown(images: Pick<Images, 'canPull'>, name: string, reference: string): void {
  if (images.canPull(reference)) return
  throw new EngineError(
    'NO_SUCH_IMAGE',
    `pull access denied for ${name}, repository does not exist or may require 'docker login'`,
  )
}

/** A pull: 200 and lines of progress; 404 before the first line. @source engine API reference, 12 */
export const createImage =
  (images: Pick<Images, 'pull' | 'canPull'>): Handler =>
  (c) => {
    const from = c.req.query('fromImage') ?? ''
    if (from === '') {
      throw new EngineError('NOT_IMPLEMENTED', 'import from an archive is not there yet')
    }
    const name = familiarName(from)
    const tag = c.req.query('tag') || 'latest'
    const reference = `${name}:${tag}`
    refuseUnknown(images, name, reference)
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
        const { id, isNew } = await images.pull(reference, { onProgress, signal: gone })
        await writing
        const done = isNew ? 'Downloaded newer image' : 'Image is up to date'
        if (isNew) await write(jsonLine({ status: 'Pull complete', progressDetail: {}, id: name }))
        await write(jsonLine({ status: `Digest: ${id}` }))
        await write(jsonLine({ status: `Status: ${done} for ${reference}` }))
      } catch (error) {
        await writing
        await write(errorLine(error))
      }
    })
  }
