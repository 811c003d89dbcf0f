import { EngineError } from '../../../contract/errors.ts'
import type { Containers } from '../../../engine/engine.ts'
import type { Handler } from '../context.ts'
import { empty } from '../json.ts'
import { integer } from '../query.ts'
import { referenceOf } from './verbs.ts'

/** Of a terminal; clients send 0 where they do not know. EngineError INVALID_ARGUMENT. */
function extent(name: string, text: string | undefined): number {
  const value = integer(name, text)
  if (value !== undefined && value >= 0) return value
  throw new EngineError(
    'INVALID_ARGUMENT',
    `invalid ${name} ${JSON.stringify(text ?? '')}: invalid syntax`,
  )
}

/** `h` and `w`, in characters. 200, 400, 404, 409 not running. */
export const resizeContainer =
  (containers: Pick<Containers, 'resolve' | 'resize'>): Handler =>
  (c) => {
    const height = extent('resize height', c.req.query('h'))
    const width = extent('resize width', c.req.query('w'))
    containers.resize(containers.resolve(referenceOf(c)), { height, width })
    return empty(200)
  }
