import { expect, it } from 'vitest'
import { Errno } from '../../../src/contract/errno.ts'
import { SIGNAL } from '../../../src/contract/signals.ts'
import { Ledger } from '../../../src/kernel/cgroup/ledger.ts'
import { ControlBlock } from '../../../src/thread/control-block.ts'
import { executeAll } from '../../../src/thread/execute-all.ts'
import type { Callee } from '../../../src/thread/guest-calls.ts'
import { InitThread, type InitThreadParts } from '../../../src/thread/init-thread.ts'
import { KeptForNext } from '../../../src/thread/kept-for-next.ts'
import { withTrapMap } from '../../../src/thread/trap-map.ts'
import { meter } from '../../../src/wasm/meter.ts'
import { controlOf } from '../../support/process-control.ts'
import { build, I32 } from '../../support/wasm-build.ts'

const { USR1, CHLD } = SIGNAL
const DROP = 0x1a
/** None of the calls here is made on this thread. */
const NOTHING = {} as unknown as Callee['context']

function programOf(calls: string) {
  const metered = meter(
    build({
      types: [
        [[], [I32]],
        [[], []],
      ],
      imports: [['wasi_snapshot_preview1', calls, 0, 0]],
      functions: [[1, [], [0x10, 0, DROP]]],
      exports: [['_start', 0, 1]],
    }),
  )
  return { module: new WebAssembly.Module(withTrapMap(metered)), manifest: metered.manifest }
}

/** A program that goes on as another one, with signals under way for its handler. @param act - of the kernel. */
function runs(
  early: readonly number[],
  late: readonly number[],
  act: (control: ControlBlock, signal: number) => void,
) {
  const control = new ControlBlock(new SharedArrayBuffer(256), 0)
  const log: string[] = []
  const quiet = (): void => {}
  const parts = {
    control: controlOf(control),
    waiter: { park: (changed: () => boolean) => changed() },
    cpu: { usedMs: () => 0, enter: quiet, leave: quiet, slept: quiet, visit: () => undefined },
    ledger: new Ledger(),
    memory: { grow: () => 'granted' },
    setLimits: quiet,
  } as unknown as InitThreadParts // what two programs without memory use of them
  const thread = new InitThread(parts)
  thread.handlers.unhandled = (signal) => {
    log.push(`unhandled ${signal}`)
    act(control, signal)
  }
  let calls = 0
  const kernel = (): Errno => {
    calls += 1
    log.push(`program ${calls}`)
    if (calls > 1) return Errno.SUCCESS
    for (const signal of early) control.signal(signal, true)
    thread.takeFlags()
    for (const signal of late) control.signal(signal, true)
    thread.become()
    return Errno.SUCCESS
  }
  const end = executeAll(
    programOf('fd_sync'),
    thread,
    new KeptForNext(),
    { nextProgram: () => programOf('fd_sync') },
    () => ({ context: NOTHING, kernel }),
  )
  return { end, log }
}

it.each([
  ['had been taken', [USR1], []],
  ['was on its way', [], [USR1]],
] as const)(
  'a signal for the handler of the program before, which %s, ends the next before it begins',
  (_, early, late) => {
    const { end, log } = runs(early, late, (control, signal) => control.condemn('signal', signal))
    expect(log).toEqual(['program 1', `unhandled ${USR1}`])
    expect(end).toMatchObject({ reason: 'signal', exitCode: 128 + USR1 })
  },
)

it('signals for the handler of the program before are given back once, and the next goes on', () => {
  const { end, log } = runs([CHLD], [USR1], () => {})
  expect(log).toEqual(['program 1', `unhandled ${CHLD}`, `unhandled ${USR1}`, 'program 2'])
  expect(end).toMatchObject({ reason: 'exit', exitCode: 0 })
})
