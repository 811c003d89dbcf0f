import { crc32 } from 'node:zlib'
import { installHooks } from '../../../src/wasm/hooks.ts'
import { instanceOf } from '../../../src/wasm/instance.ts'
import type { MeterManifest } from '../../../src/wasm/meter.ts'
import { raiseTrap } from '../../../src/wasm/trap.ts'
import { NAIVE_FUEL, NAIVE_THROWN } from './naive-meter.ts'

/** A call from outside: an export, or an entry of an exported table. */
export interface Call {
  readonly name: string
  readonly entry?: number
  readonly args: readonly (number | bigint)[]
}

/** What a call did, as text, so that two can be compared and shown. */
export interface Observation {
  readonly outcome: string
  /** Memory, globals and tables behind it. */
  readonly state: string
  /** Calls of host functions so far. */
  readonly log: string
  /** It did not trap: it returned, or an exception came out of it. Then its fuel is exact. */
  readonly exact: boolean
  /** Units it took; undefined for a module that does not count. */
  readonly fuel: bigint | undefined
  /** Exceptions thrown on the way; undefined where nobody counts them. */
  readonly thrown: bigint | undefined
}

/** The functions a module imports, made for one instance: they may call it, and write to the log. */
export type Host = (
  /** Undefined until the start function has run: the plain module has no instance before. */
  instance: () => WebAssembly.Instance | undefined,
  log: (line: string) => void,
) => WebAssembly.Imports

interface Counter {
  /** Before each call. */
  reset(): void
  fuel(): bigint | undefined
  thrown(): bigint | undefined
}

interface Gauge {
  value: bigint
}

const show = (value: unknown): string => {
  if (typeof value === 'function') return 'function'
  if (typeof value === 'bigint') return `${value}n`
  if (Array.isArray(value)) return `[${value.map(show).join(' ')}]`
  return Object.is(value, -0) ? '-0' : String(value)
}

const digest = (bytes: Uint8Array): string => `${bytes.length} bytes, ${crc32(bytes)}`

function stateOf(name: string, value: unknown): string {
  if (value instanceof WebAssembly.Memory) return `${name}=${digest(new Uint8Array(value.buffer))}`
  if (value instanceof WebAssembly.Table) {
    const entries = Array.from({ length: value.length }, (_, index) => show(value.get(index))[0])
    return `${name}=${entries.join('')}`
  }
  // A global of type v128 cannot be read from outside.
  if (!(value instanceof WebAssembly.Global)) return name
  try {
    return `${name}=${show(value.value)}`
  } catch {
    return name
  }
}

/** A module that runs: the plain one, the reference or the product's. */
export class Subject {
  readonly #instance: WebAssembly.Instance
  readonly #counter: Counter
  readonly #names: readonly string[]
  readonly #log: readonly string[]

  constructor(
    instance: WebAssembly.Instance,
    counter: Counter,
    names: readonly string[],
    log: readonly string[],
  ) {
    this.#instance = instance
    this.#counter = counter
    this.#names = names
    this.#log = log
  }

  #target({ name, entry }: Call): unknown {
    const found = this.#instance.exports[name]
    return entry === undefined ? found : (found as WebAssembly.Table).get(entry)
  }

  #observed(outcome: string, exact: boolean): Observation {
    const { exports } = this.#instance
    const state = this.#names.map((name) => stateOf(name, exports[name])).join('\n')
    const { fuel, thrown } = { fuel: this.#counter.fuel(), thrown: this.#counter.thrown() }
    return { outcome, state, log: this.#log.join('\n'), exact, fuel, thrown }
  }

  /** What the start function left behind. */
  initial(): Observation {
    return this.#observed('started', true)
  }

  call(call: Call): Observation {
    this.#counter.reset()
    try {
      const run = this.#target(call) as (...args: readonly unknown[]) => unknown
      return this.#observed(show(run(...call.args)), true)
    } catch (error) {
      return this.#observed(named(error), !(error instanceof Error))
    }
  }
}

/** A trap and its kind, or an exception of the guest's. */
const named = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : 'exception'

/** Makes a subject and calls it; one that does not start is observed too. */
export function observe(make: () => Subject, calls: readonly Call[]): readonly Observation[] {
  let subject: Subject
  try {
    subject = make()
  } catch (error) {
    const nothing = { state: '', log: '', exact: false, fuel: undefined, thrown: undefined }
    return [{ ...nothing, outcome: `start: ${named(error)}` }]
  }
  return [subject.initial(), ...calls.map((call) => subject.call(call))]
}

/**
 * @param manifest - of a metered module.
 * @param start - runs the start function of a module that does not start itself. */
function started(
  module: WebAssembly.Module,
  host: Host,
  manifest?: MeterManifest,
  start: (instance: WebAssembly.Instance) => void = () => {},
) {
  const log: string[] = []
  let ready: WebAssembly.Instance | undefined
  const imports = host(
    () => ready,
    (line) => log.push(line),
  )
  const instance =
    manifest === undefined
      ? new WebAssembly.Instance(module, imports)
      : instanceOf(module, manifest, imports)
  start(instance)
  ready = instance
  return { instance, log }
}

/** Names of everything the host can look at. */
export type Names = readonly string[]

export const namesOf = (module: WebAssembly.Module): Names =>
  WebAssembly.Module.exports(module)
    .filter(({ kind }) => kind !== 'function')
    .map(({ name }) => name)

/** The module as it is. */
export function plainSubject(module: WebAssembly.Module, host: Host, names: Names): Subject {
  const { instance, log } = started(module, host)
  const counter = { reset: () => {}, fuel: () => undefined, thrown: () => undefined }
  return new Subject(instance, counter, names, log)
}

/** The module metered by the reference. */
export function naiveSubject(module: WebAssembly.Module, host: Host, names: Names): Subject {
  const { instance, log } = started(module, host)
  const gauge = (name: string): Gauge => instance.exports[name] as unknown as Gauge
  const [fuel, thrown] = [gauge(NAIVE_FUEL), gauge(NAIVE_THROWN)]
  const counter: Counter = {
    reset: () => {
      fuel.value = 0n
      thrown.value = 0n
    },
    fuel: () => fuel.value,
    thrown: () => thrown.value,
  }
  return new Subject(instance, counter, names, log)
}

/** More refills than any test needs: a guest that never ends is a fault of the test. */
const MOST_REFILLS = 5_000_000

/** The module as the product meters it, granted `slice` units at a time. */
export function meteredSubject(
  module: WebAssembly.Module,
  manifest: MeterManifest,
  host: Host,
  names: Names,
  slice: bigint,
): Subject {
  let gauge: Gauge = { value: 0n }
  let granted = 0n
  let refills = 0
  const reset = (): void => {
    gauge.value = slice
    granted = slice
  }
  const refill = (): void => {
    refills += 1
    if (refills > MOST_REFILLS) raiseTrap()
    granted += slice - gauge.value
    gauge.value = slice
  }
  const { instance, log } = started(module, host, manifest, (fresh) => {
    gauge = fresh.exports[manifest.fuel] as unknown as Gauge
    installHooks(fresh, manifest, { refill, grow: () => true, tableGrow: () => true })
    reset()
    if (manifest.start !== undefined) (fresh.exports[manifest.start] as () => void)()
  })
  const counter = { reset, fuel: () => granted - gauge.value, thrown: () => undefined }
  return new Subject(instance, counter, names, log)
}
