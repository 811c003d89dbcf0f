import { readFileSync } from 'node:fs'
import { FUEL_TABLE_VERSION, METER_VERSION } from '../wasm/meter.ts'

/** The version in our own package.json, beside `dist`. */
export function version(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  const known = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return known ? String(manifest.version) : 'unknown'
}

/** What the figures of a run depend on. */
export const versions = (): Readonly<Record<string, string>> => ({
  bulkhead: version(),
  meter: String(METER_VERSION),
  'fuel table': String(FUEL_TABLE_VERSION),
  node: process.versions.node,
  v8: process.versions.v8,
  platform: `${process.platform}/${process.arch}`,
})
