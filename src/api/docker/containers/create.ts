import type { Containers } from '../../../engine/engine.ts'
import { parseBody } from '../body.ts'
import type { Handler } from '../context.ts'
import { json } from '../json.ts'
import { createSchema, requestOf, warningsOf } from './create-body.ts'

/** 201 with the id and what was ignored; 400, 404 no such image, 409 name in use. */
export const createContainer =
  (containers: Pick<Containers, 'create'>): Handler =>
  async (c) => {
    const body = await parseBody(c, createSchema)
    const id = await containers.create(requestOf(body, c.req.query('name'), c.get('version')))
    return json({ Id: id, Warnings: warningsOf(body, c.req.query('platform') ?? '') }, 201)
  }
