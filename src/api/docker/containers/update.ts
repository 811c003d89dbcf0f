import { z } from 'zod'
import type { Containers } from '../../../engine/engine.ts'
import { parseBody } from '../body.ts'
import type { Handler } from '../context.ts'
import { json } from '../json.ts'
import { limitsOf, resources, restartPolicyOf } from './resources-body.ts'
import { referenceOf } from './verbs.ts'

const schema = z.object(resources)

/** Only what is set is changed. 200, 400, 404, 409, 500 less memory than is used. */
export const updateContainer =
  (containers: Pick<Containers, 'resolve' | 'update'>): Handler =>
  async (c) => {
    const body = await parseBody(c, schema)
    const container = containers.resolve(referenceOf(c))
    const policy = body.RestartPolicy?.Name ? { restartPolicy: restartPolicyOf(body) } : {}
    await containers.update(container, { limits: limitsOf(body), ...policy })
    return json({ Warnings: null })
  }
