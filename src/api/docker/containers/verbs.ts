import { EngineError } from '../../../contract/errors.ts'
import type { Containers } from '../../../engine/engine.ts'
import type { ApiContext, Handler } from '../context.ts'
import { empty } from '../json.ts'
import { flag, integer } from '../query.ts'

/** The container as the caller named it. */
export const referenceOf = (c: ApiContext): string => c.req.param('id') ?? ''

/** Bytes of body a start may have, for clients that send `null` or `{}`. */
const START_BODY_BYTES = 7

/** 204 started, 304 was running, 404, 409. */
export const startContainer =
  (containers: Pick<Containers, 'resolve' | 'start'>): Handler =>
  async (c) => {
    const { headers } = c.env.incoming
    const length = Number(headers['content-length'] ?? 0)
    if (length > START_BODY_BYTES || headers['transfer-encoding'] !== undefined) {
      throw new EngineError(
        'INVALID_ARGUMENT',
        'starting container with non-empty request body was deprecated since API v1.22 and removed in v1.24',
      )
    }
    const outcome = await containers.start(containers.resolve(referenceOf(c)))
    return empty(outcome === 'started' ? 204 : 304)
  }

/**
 * `t`: seconds before SIGKILL. 0: at once; negative: never; absent: the container decides.
 * 204 stopped, 304 was not running, 404.
 */
export const stopContainer =
  (containers: Pick<Containers, 'resolve' | 'stop'>): Handler =>
  async (c) => {
    const graceSeconds = integer('t', c.req.query('t'))
    const container = containers.resolve(referenceOf(c))
    const outcome = await containers.stop(container, {
      graceSeconds,
      signal: c.req.query('signal'),
    })
    return empty(outcome === 'stopped' ? 204 : 304)
  }

/** 204, 404. */
export const restartContainer =
  (containers: Pick<Containers, 'resolve' | 'restart'>): Handler =>
  async (c) => {
    const graceSeconds = integer('t', c.req.query('t'))
    const container = containers.resolve(referenceOf(c))
    await containers.restart(container, { graceSeconds, signal: c.req.query('signal') })
    return empty(204)
  }

/** 204, 404, 409 not running. */
export const killContainer =
  (containers: Pick<Containers, 'resolve' | 'kill'>): Handler =>
  async (c) => {
    const reference = referenceOf(c)
    await containers.kill(containers.resolve(reference), c.req.query('signal'), reference)
    return empty(204)
  }

/** 204, 404, 409 not running or paused already. */
export const pauseContainer =
  (containers: Pick<Containers, 'resolve' | 'pause'>): Handler =>
  async (c) => {
    await containers.pause(containers.resolve(referenceOf(c)))
    return empty(204)
  }

/** 204, 404, 500 not paused. */
export const unpauseContainer =
  (containers: Pick<Containers, 'resolve' | 'unpause'>): Handler =>
  async (c) => {
    await containers.unpause(containers.resolve(referenceOf(c)))
    return empty(204)
  }

/** 204, 404, 409 name in use. */
export const renameContainer =
  (containers: Pick<Containers, 'resolve' | 'rename'>): Handler =>
  async (c) => {
    await containers.rename(containers.resolve(referenceOf(c)), c.req.query('name') ?? '')
    return empty(204)
  }

/** 204, 404, 409 running. */
export const removeContainer =
  (containers: Pick<Containers, 'resolve' | 'remove'>): Handler =>
  async (c) => {
    const reference = referenceOf(c)
    const container = containers.resolve(reference)
    // Links are there no more; without this the container itself would go.
    if (flag(c.req.query('link'))) {
      throw new EngineError(
        'WRONG_STATE',
        'Conflict, cannot remove the default link name of the container',
      )
    }
    const options = { force: flag(c.req.query('force')), volumes: flag(c.req.query('v')) }
    await containers.remove(container, options, reference)
    return empty(204)
  }
