import { Hono } from 'hono'
import type { Access } from './access.ts'
import { checkVersion, splitVersion } from './api-version.ts'
import type { Engine, Env } from './context.ts'
import { errorResponse } from './errors.ts'
import { json } from './json.ts'
import { routesOf } from './routes.ts'
import { STANDARD_HEADERS } from './stream.ts'

export interface AppOptions {
  readonly engine: Engine
  readonly access: Access
  /** Hears of every error that is a bug of ours. */
  readonly report: (error: unknown) => void
  /** Hears of every answer. */
  readonly answered: (method: string, status: number) => void
}

const pathOf = (request: Request): string => splitVersion(new URL(request.url).pathname).path

/** The Docker Engine API, without the requests that take their connection over. */
export function dockerApp({ engine, access, report, answered }: AppOptions): Hono<Env> {
  const app = new Hono<Env>({ getPath: pathOf })
  app.onError((error) => errorResponse(error, report))
  app.notFound(() => json({ message: 'page not found' }, 404))
  app.use(async (c, next) => {
    const { path, version } = splitVersion(new URL(c.req.url).pathname)
    access(path, c.env.incoming.headers)
    checkVersion(version)
    c.set('version', version)
    await next()
    for (const [name, value] of Object.entries(STANDARD_HEADERS)) c.res.headers.set(name, value)
    c.res.headers.set('Server', `Docker/${engine.system.version} (linux)`)
    answered(c.req.method, c.res.status)
  })
  for (const { method, path, handler } of routesOf(engine)) {
    app.on(method, path, (c) => handler(c))
  }
  return app
}
