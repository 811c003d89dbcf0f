import type { Containers } from '../../../engine/engine.ts'
import { parseBody } from '../body.ts'
import { referenceOf } from '../containers/verbs.ts'
import type { Handler } from '../context.ts'
import { json } from '../json.ts'
import { createExecSchema, execRequestOf } from './exec-body.ts'

/** 201 with the id; 400, 404 no such container, 409 not running or paused. */
export const createExec =
  (containers: Pick<Containers, 'resolve' | 'createExec'>): Handler =>
  async (c) => {
    const request = execRequestOf(await parseBody(c, createExecSchema))
    const reference = referenceOf(c)
    const { id } = containers.createExec(containers.resolve(reference), request, reference)
    return json({ Id: id }, 201)
  }
