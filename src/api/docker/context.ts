import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { EngineEvent } from '../../contract/event.ts'
import type { Containers, Images, Networks, Volumes } from '../../engine/engine.ts'
import type { ApiVersion } from './api-version.ts'

export interface Env {
  Bindings: HttpBindings
  Variables: { readonly version: ApiVersion }
}
export type ApiContext = Context<Env>

/** What a route gets of the request, and what it answers. */
export type Handler = (c: ApiContext) => Response | Promise<Response>

/** The events of an engine, as the API reads them. */
export interface EventSource {
  recent(): readonly EngineEvent[]
  subscribe(listener: (event: EngineEvent) => void): () => void
}

/** Everything the API talks to. Each route takes the part it needs. */
export interface Engine {
  readonly containers: Containers
  readonly networks: Networks
  readonly volumes: Volumes
  readonly images: Images
  readonly events: EventSource
  readonly system: SystemFacts
}

export interface SystemFacts {
  readonly version: string
  readonly nodeVersion: string
  readonly architecture: string
  readonly cpus: number
  /** Bytes. */
  readonly memory: number
  readonly name: string
  readonly id: string
  /** Where it keeps everything. */
  readonly directory: string
  now(): Date
}
