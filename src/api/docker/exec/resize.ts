import { EngineError } from '../../../contract/errors.ts'
import type { Containers } from '../../../engine/engine.ts'
import { referenceOf } from '../containers/verbs.ts'
import type { Handler } from '../context.ts'

function checkSize(name: 'height' | 'width', value: string | undefined): void {
  if (/^\d{1,9}$/.test(value ?? '')) return
  const text = `invalid resize ${name} ${JSON.stringify(value ?? '')}: invalid syntax`
  throw new EngineError('INVALID_ARGUMENT', text)
}

/** 400: no exec has a terminal; 404. */
export const resizeExec =
  (containers: Pick<Containers, 'findExec' | 'resizeExec'>): Handler =>
  (c) => {
    checkSize('height', c.req.query('h'))
    checkSize('width', c.req.query('w'))
    return containers.resizeExec(containers.findExec(referenceOf(c)))
  }
