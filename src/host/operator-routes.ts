import type { Hono } from 'hono'
import type { Env } from '../api/docker/context.ts'
import type { Metrics } from './metrics.ts'

/**
 * What operators and their tools ask, beside Docker's API: `/metrics` for Prometheus, `/livez` (the
 * loop turns) and `/readyz` (requests are served). Where the daemon has a token, `/metrics` needs it.
 */
export function addOperatorRoutes(app: Hono<Env>, metrics: Metrics, ready: () => boolean): void {
  app.get('/metrics', async (c) =>
    c.body(await metrics.text(), 200, { 'Content-Type': metrics.contentType }),
  )
  app.get('/livez', (c) => c.text('ok'))
  app.get('/readyz', (c) => (ready() ? c.text('ok') : c.text('not ready', 503)))
}
