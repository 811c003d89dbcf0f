import { describe, expect, it } from 'vitest'
import type { Step } from '../../../src/abi/preview1/call.ts'
import { Errno } from '../../../src/contract/errno.ts'
import { SIGNAL } from '../../../src/contract/signals.ts'
import { Ledger } from '../../../src/kernel/cgroup/ledger.ts'
import { ControlBlock } from '../../../src/thread/control-block.ts'
import { GuestCalls } from '../../../src/thread/guest-calls.ts'
import { InitThread, type InitThreadParts } from '../../../src/thread/init-thread.ts'
import { meter } from '../../../src/wasm/meter.ts'
import { controlOf } from '../../support/process-control.ts'
import { build, I32 } from '../../support/wasm-build.ts'

const PREVIEW1 = 'wasi_snapshot_preview1'
const NAME = 'sched_yield'

/** A guest with a handler, and its one call; `step` is what its kernel says to it. */
function calling(step: Step) {
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
  const calls = new GuestCalls()
  calls.begin(thread, () => {
    log.push('call')
    return step
  })
  const { bytes, manifest } = meter(
    build({
      types: [[[], [I32]]],
      imports: [[PREVIEW1, NAME, 0, 0]],
      functions: [[0, [], [0x10, 0]]],
      exports: [['f', 0, 1]],
    }),
  )
  const module = new WebAssembly.Module(bytes)
  const call = calls.importsOf(module, manifest)[PREVIEW1]?.[NAME] as () => Errno // one function
  return { call, control, log }
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
