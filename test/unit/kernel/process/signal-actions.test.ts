import { describe, expect, it } from 'vitest'
import { SIGNAL } from '../../../../src/contract/signals.ts'
import {
  type SignalAction,
  SignalActions,
  type SignalChange,
} from '../../../../src/kernel/process/signal-actions.ts'
import { said } from '../../../support/errno.ts'

const ACTIONS: readonly SignalAction[] = ['default', 'ignore', 'handle', 'restart']
const actionsOf = (actions: SignalActions): readonly SignalAction[] =>
  [SIGNAL.INT, SIGNAL.TERM, SIGNAL.KILL].map((signal) => actions.action(signal))

describe('signal actions', () => {
  it.each([SIGNAL.KILL, SIGNAL.STOP, 0, -1, 65, 1.5, Number.NaN, 2 ** 32, 0x8000_0000])(
    'cannot be set for %s',
    (signal) => {
      const actions = new SignalActions()
      actions.handler = true
      for (const action of ACTIONS) expect(said(actions.set(signal, action))).toBe('INVAL')
      expect(actions.action(signal)).toBe('default')
      expect(actions.action(SIGNAL.INT)).toBe('handle')
    },
  )
  it('are all handled by a program that has a handler and has set none', () => {
    const actions = new SignalActions()
    expect(actionsOf(actions)).toEqual(['default', 'default', 'default'])
    actions.handler = true
    expect(actionsOf(actions)).toEqual(['handle', 'handle', 'default'])
    actions.set(SIGNAL.TERM, 'restart')
    expect(actionsOf(actions)).toEqual(['default', 'restart', 'default'])
  })
  // What a child begins with, by what its parent has; then with each change that spawn may make.
  it.each([
    ['default', 'default', 'ignore', 'default'],
    ['ignore', 'ignore', 'ignore', 'default'],
    ['handle', 'default', 'ignore', 'default'],
    ['restart', 'default', 'ignore', 'default'],
  ] as const)('%s: a child has %s, told to ignore %s, told not to %s', (own, child, on, off) => {
    const actions = new SignalActions()
    actions.handler = true
    actions.set(SIGNAL.INT, own)
    const inChild = (changes: SignalChange[]): SignalAction =>
      actions.forChild(changes).action(SIGNAL.INT)
    const change = (ignore: boolean): SignalChange => ({
      signal: SIGNAL.INT,
      change: ignore ? 'ignore' : 'default',
    })
    expect(inChild([])).toBe(child)
    expect(inChild([change(true)])).toBe(on)
    expect(inChild([change(false)])).toBe(off)
    expect(inChild([change(false), change(true)])).toBe(on)
    expect(inChild([{ signal: SIGNAL.KILL, change: 'ignore' }])).toBe(child)
    expect(actions.action(SIGNAL.INT)).toBe(own)
  })
  it('keeps what is ignored from a program that handles all', () => {
    const parent = new SignalActions()
    parent.set(SIGNAL.INT, 'ignore')
    const child = parent.forChild([])
    child.handler = true
    expect(actionsOf(child)).toEqual(['ignore', 'handle', 'default'])
  })
  it('keeps only what is ignored when another program begins', () => {
    const actions = new SignalActions()
    actions.handler = true
    actions.set(SIGNAL.INT, 'ignore')
    actions.set(SIGNAL.TERM, 'handle')
    actions.afterExec()
    expect(actionsOf(actions)).toEqual(['ignore', 'default', 'default'])
    actions.handler = true
    expect(actionsOf(actions)).toEqual(['ignore', 'handle', 'default'])
  })
})
