import { describe, expect, it } from 'vitest'
import { BULKHEAD } from '../../../src/abi/bulkhead/table.ts'
import type { Step } from '../../../src/abi/preview1/call.ts'
import type { Row } from '../../../src/abi/preview1/row.ts'
import { PREVIEW1 as NEWEST } from '../../../src/abi/preview1/table.ts'
import { WASIX } from '../../../src/abi/wasix/table.ts'
import { Errno } from '../../../src/contract/errno.ts'
import { SIGNAL } from '../../../src/contract/signals.ts'
import { Ledger } from '../../../src/kernel/cgroup/ledger.ts'
import { ControlBlock } from '../../../src/thread/control-block.ts'
import { type Callee, GuestCalls, type RemoteCall } from '../../../src/thread/guest-calls.ts'
import { InitThread, type InitThreadParts } from '../../../src/thread/init-thread.ts'
import type { MeterManifest } from '../../../src/wasm/meter.ts'
import { build, op } from '../../support/module-builder.ts'
import { controlOf } from '../../support/process-control.ts'

const PREVIEW1 = 'wasi_snapshot_preview1'
const NAME = 'fd_sync'

/** The thread of a guest that has a handler. */
function threadOf() {
  const control = new ControlBlock(new SharedArrayBuffer(256), 0)
  const log: string[] = []
  const quiet = (): void => {}
  const parts = {
    control: controlOf(control),
    waiter: {
      park: (changed: () => boolean) => {
        log.push('sleeps')
        if (!changed()) throw new Error('nothing would wake it')
        return true
      },
    },
    cpu: { enter: quiet, leave: quiet, slept: quiet },
    ledger: new Ledger(),
    setLimits: quiet,
  } as unknown as InitThreadParts // what a call uses of them
  const thread = new InitThread(parts)
  thread.handlers.find = () => (signal) => log.push(`handles ${signal}`)
  thread.handlers.set('handler')
  return { thread, control, log }
}

/** A guest's call; `step` is what its kernel says to it. */
function calling(step: Step) {
  const { thread, control, log } = threadOf()
  const kernel: RemoteCall = () => {
    log.push('call')
    return step
  }
  return { call: callOf(thread, kernel, PREVIEW1, NAME), control, log }
}

/** What a module that imports this call calls. */
function callOf(thread: InitThread, kernel: RemoteCall, module: string, name: string) {
  const calls = new GuestCalls()
  // None of the calls here is made on this thread.
  calls.begin(thread, { context: {} as unknown as Callee['context'], kernel })
  const manifest = { imports: [{ module, name, kind: 'function' }] } as unknown as MeterManifest
  // Of the module, only which one it is.
  const imports = calls.importsOf({} as WebAssembly.Module, manifest)
  return imports[module]?.[name] as (...args: readonly number[]) => Errno // of linked imports
}

const BLOCKED: Step = {
  ok: 'blocked',
  changed: () => false,
  deadline: Number.POSITIVE_INFINITY,
  resume: () => BLOCKED,
}

describe('a signal that comes between two calls', () => {
  it('is handled after a call that does not wait', () => {
    const { call, control, log } = calling(Errno.SUCCESS)
    control.signal(SIGNAL.TERM, true)
    expect(call()).toBe(Errno.SUCCESS)
    expect(log).toEqual(['call', `handles ${SIGNAL.TERM}`])
  })
  it('ends the wait of a call that would, before it sleeps', () => {
    const { call, control, log } = calling(BLOCKED)
    control.signal(SIGNAL.TERM, true)
    expect(call()).toBe(Errno.INTR)
    expect(log).toEqual(['call', `handles ${SIGNAL.TERM}`])
  })
})

const kernelRows = (table: Readonly<Record<string, Row>>): readonly (readonly [string, Row])[] =>
  Object.entries(table).filter(([, row]) => row.where === 'kernel')

describe.each<[module: string, table: Readonly<Record<string, Row>>]>([
  [PREVIEW1, NEWEST],
  ['wasix_32v1', WASIX],
  ['bulkhead_v1', BULKHEAD],
])('a kernel on another thread: %s', (module, table) => {
  it.each(kernelRows(table))('is given all arguments of %s, and no others', (name, row) => {
    // The first parameter of a handler is what it works on.
    const args = Array.from({ length: row.handler.length - 1 }, (_, index) => index)
    const given: unknown[] = []
    const kernel: RemoteCall = (called, all) => {
      given.push(called, all)
      return Errno.SUCCESS
    }
    expect(callOf(threadOf().thread, kernel, module, name)(...args)).toBe(Errno.SUCCESS)
    expect(given[1]).toEqual(args)
  })
})

describe('what is thrown in the host', () => {
  const TRAPPED = 'internal error in a system call'
  const trapping = build({ functions: [{ code: op.unreachable }] })
  /** Calls `callee` and returns whatever is thrown there. */
  const catching = (callee: unknown) =>
    started(
      build({
        types: [[[], []]],
        imports: [['host', 'call', 0]],
        functions: [{ code: [...op.try, ...op.call(0), ...op.catchAll, ...op.end] }],
        exported: 1,
      }),
      callee,
    )
  function started(module: Uint8Array, call: unknown): () => void {
    const host = { call: call as () => void } // it is called and nothing else
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), { host })
    return exports['_start'] as () => void // of the modules here
  }
  const faulty = (): never => {
    throw new SyntaxError('Invalid regular expression: /x/: Stack overflow')
  }
  const deep = (): number => deep() + 1

  it('is not caught by a guest whose call it was', () => {
    const { thread } = threadOf()
    const call = catching(callOf(thread, faulty, PREVIEW1, NAME))
    expect(call).toThrow(WebAssembly.RuntimeError)
    expect(thread.end).toMatchObject({ reason: 'trap', message: TRAPPED })
  })
  it.each(['safepoint', 'grow'] as const)('is not caught by a guest in its %s', (hook) => {
    const { thread } = threadOf()
    thread[hook] = faulty
    const calls = new GuestCalls()
    calls.begin(thread, { context: {} as unknown as Callee['context'], kernel: faulty })
    const places = { safepoint: calls.hooks['0'], grow: calls.hooks['1'] }
    const called = places[hook] as (...numbers: readonly number[]) => unknown // as hooks are typed
    expect(catching(() => called(1, 1))).toThrow(WebAssembly.RuntimeError)
    expect(thread.end).toMatchObject({ reason: 'trap', message: TRAPPED })
  })
  it('is a fault of the guest, in its own words, where its signal handler traps', () => {
    const { thread, control } = threadOf()
    thread.handlers.find = () => started(trapping, undefined)
    thread.handlers.set('handler')
    control.signal(SIGNAL.TERM, true)
    const call = catching(callOf(thread, () => Errno.SUCCESS, PREVIEW1, NAME))
    expect(call).toThrow(new WebAssembly.RuntimeError('unreachable'))
    expect(thread.end).toBe(undefined)
  })
  it('is no fault of ours where the stack ends', () => {
    const { thread } = threadOf()
    const call = catching(callOf(thread, () => deep() as Errno, PREVIEW1, NAME))
    expect(call).toThrow(/call stack/)
    expect(thread.end).toBe(undefined)
  })
})
