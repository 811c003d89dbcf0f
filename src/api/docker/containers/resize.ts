import type { Containers } from '../../../engine/engine.ts'
import { sizeOfQuery } from '../console-size.ts'
import type { Handler } from '../context.ts'
import { empty } from '../json.ts'
import { referenceOf } from './verbs.ts'

/** `h` and `w`, in characters. 200, 400, 404, 409 not running. */
export const resizeContainer =
  (containers: Pick<Containers, 'resolve' | 'resize'>): Handler =>
  (c) => {
    const size = sizeOfQuery((name) => c.req.query(name))
    containers.resize(containers.resolve(referenceOf(c)), size)
    return empty(200)
  }
