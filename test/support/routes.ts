import type { Engine } from '../../src/api/docker/context.ts'
import { routesOf } from '../../src/api/docker/routes.ts'

/** Every route there is. Their handlers are not called, so that they need no engine. */
export const ROUTES: readonly { readonly method: string; readonly path: string }[] = routesOf(
  {} as unknown as Engine,
).map(({ method, path }) => ({ method, path }))

/** A path that leads to a route: its parameters become `value`. */
export const pathWith = (path: string, value: string): string =>
  path.replaceAll(/:\w+(\{[^}]*\})?/g, value)
