import { z } from 'zod'
import type { Containers } from '../../../engine/engine.ts'
import { parseBody } from '../body.ts'
import type { Handler } from '../context.ts'
import { json } from '../json.ts'
import { familiarName } from './familiar-name.ts'

const words = z.array(z.string()).nullish()

/** What a body may lay over the container's own configuration; all else in it is left alone. */
const BODY = z
  .object({
    Cmd: words,
    Entrypoint: words,
    Shell: words,
    Env: words,
    WorkingDir: z.string().nullish(),
    User: z.string().nullish(),
    Labels: z.record(z.string(), z.string()).nullish(),
  })
  .nullable()

/** What says nothing lays nothing over. */
const given = (body: z.infer<typeof BODY>) =>
  Object.fromEntries(
    Object.entries(body ?? {}).filter(
      ([, value]) => value !== null && value !== undefined && value !== '',
    ),
  )

/** `changes` may come several times. 201, 400, 404, 409. */
export const commitContainer =
  (containers: Pick<Containers, 'resolve' | 'commit'>): Handler =>
  async (c) => {
    const query = (name: string): string => c.req.query(name) ?? ''
    const config = given(await parseBody(c, BODY))
    const repo = familiarName(query('repo'))
    const tag = query('tag') || 'latest'
    const id = await containers.commit(containers.resolve(query('container')), {
      reference: repo === '' ? undefined : `${repo}:${tag}`,
      comment: query('comment'),
      author: query('author'),
      changes: c.req.queries('changes') ?? [],
      config,
    })
    return json({ Id: id }, 201)
  }
