import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Containers } from '../engine/engine.ts'

export interface Metrics {
  /** A request was answered. */
  answered(method: string, status: number): void
  /** A cell's process ended, and nobody had asked for it. */
  cellEnded(cause: string): void
  readonly contentType: string
  text(): Promise<string>
}

/** What a daemon counts, for Prometheus. */
export function createMetrics(containers: Pick<Containers, 'list'>): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'bulkhead_http_requests_total',
    help: 'Requests answered, by method and status',
    labelNames: ['method', 'status'],
    registers: [registry],
  })
  const cellEnds = new Counter({
    name: 'bulkhead_cell_ends_total',
    help: 'Ends of cell processes that were not asked for, by cause',
    labelNames: ['cause'],
    registers: [registry],
  })
  new Gauge({
    name: 'bulkhead_containers',
    help: 'Containers, by state',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { record } of containers.list()) this.inc({ state: record.state.status })
    },
  })
  return {
    answered: (method, status) => requests.inc({ method, status: String(status) }),
    cellEnded: (cause) => cellEnds.inc({ cause }),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  }
}
