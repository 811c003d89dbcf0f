import type { Containers } from '../../../engine/engine.ts'
import type { Handler, SystemFacts } from '../context.ts'
import { json } from '../json.ts'
import { columnsOf } from './ps-columns.ts'
import { referenceOf } from './verbs.ts'

/** 200, 400, 404, 409 not running. */
export const topContainer =
  (containers: Pick<Containers, 'resolve' | 'top'>, now: SystemFacts['now']): Handler =>
  async (c) => {
    const columns = columnsOf(c.req.query('ps_args') || '-ef')
    const processes = await containers.top(containers.resolve(referenceOf(c)))
    const at = now()
    return json({
      Titles: columns.map(({ title }) => title),
      Processes: processes.map((process) => columns.map(({ cell }) => cell(process, at))),
    })
  }
