import type { Containers } from '../../../engine/engine.ts'
import { sizeOfQuery } from '../console-size.ts'
import { referenceOf } from '../containers/verbs.ts'
import type { Handler } from '../context.ts'
import { empty } from '../json.ts'

/** `h` and `w`, in characters. 200, 400 not running or without a terminal, 404. */
export const resizeExec =
  (containers: Pick<Containers, 'findExec' | 'resizeExec'>): Handler =>
  async (c) => {
    const size = sizeOfQuery((name) => c.req.query(name))
    await containers.resizeExec(containers.findExec(referenceOf(c)), size)
    return empty(200)
  }
