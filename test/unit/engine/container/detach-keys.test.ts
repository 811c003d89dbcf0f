import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DetachWatch, detachKeysOf } from '../../../../src/engine/container/detach-keys.ts'

/** What was passed on of pieces, up to the detach. */
function watched(keys: string, pieces: readonly string[]) {
  const watch = new DetachWatch(detachKeysOf(keys))
  let passed = ''
  for (const piece of pieces) {
    const { bytes, detached } = watch.take(Buffer.from(piece, 'latin1'))
    passed += Buffer.from(bytes).toString('latin1')
    if (detached) return { passed, detached }
  }
  return { passed, detached: false }
}

describe('detach keys', () => {
  it.each([
    ['in one piece', '', ['ab\x10\x11cd'], 'ab', true],
    ['in two', '', ['ab\x10', '\x11'], 'ab', true],
    ['that are others', 'ctrl-x,q', ['\x10\x11\x18q'], '\x10\x11', true],
    ['of which only the first comes', '', ['a\x10', 'b'], 'a\x10b', false],
    ['whose first comes twice', '', ['\x10\x10\x11'], '\x10', true],
    ['whose first is held back', '', ['a\x10'], 'a', false],
    ['in another order', '', ['\x11\x10'], '\x11', false],
  ] as const)('%s', (_, keys, pieces, passed, detached) => {
    expect(watched(keys, pieces)).toEqual({ passed, detached })
  })
  it('that do not come change nothing, however the keys are cut', () => {
    const piece = fc.string({ unit: fc.constantFrom('a', 'b', '\x10'), maxLength: 9 })
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const { passed, detached } = watched('', [...pieces, '!'])
        expect([passed, detached]).toEqual([`${pieces.join('')}!`, false])
      }),
    )
  })
  it('of one key leave at once', () => {
    expect(watched('q', ['abq'])).toEqual({ passed: 'ab', detached: true })
  })
})
