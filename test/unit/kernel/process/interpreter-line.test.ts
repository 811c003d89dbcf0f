import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  HEAD_BYTES,
  interpreterOf,
  isScript,
} from '../../../../src/kernel/process/interpreter-line.ts'

const encoder = new TextEncoder()
const head = (text: string): Uint8Array => encoder.encode(text).subarray(0, HEAD_BYTES)
const parsed = (text: string): readonly (string | undefined)[] | undefined => {
  const found = interpreterOf(head(text))
  return found && [found.path, found.argument]
}

describe('the first line of a script', () => {
  it.each([
    ['#!/bin/sh\necho', ['/bin/sh', undefined]],
    ['#!/bin/sh', ['/bin/sh', undefined]],
    ['#! \t /bin/sh \t \n', ['/bin/sh', undefined]],
    ['#!/bin/sh -e\n', ['/bin/sh', '-e']],
    ['#!/bin/env\t -S  two words \n', ['/bin/env', '-S  two words']],
    ['#!sh\n', ['sh', undefined]],
    ['#!/bin/sh -x\0 rest\n', ['/bin/sh', '-x']],
    ['#!/bin/sh\r\n', ['/bin/sh\r', undefined]],
    ['#!/bin/naïve\n', ['/bin/naïve', undefined]],
    ['#!\n/bin/sh', undefined],
    ['#!', undefined],
    ['#!   \t', undefined],
    ['#!\0/bin/sh\n', undefined],
    [`#!${' '.repeat(300)}/bin/sh\n`, undefined],
    [`#!/${'x'.repeat(300)}\n`, undefined],
    [`#!/${'x'.repeat(253)}\n`, undefined],
    [`#!/${'x'.repeat(252)}\n`, [`/${'x'.repeat(252)}`, undefined]],
    [`#!/${'x'.repeat(252)} y\n`, [`/${'x'.repeat(252)}`, undefined]],
    [`#!/bin/sh ${'x'.repeat(300)}\n`, ['/bin/sh', 'x'.repeat(245)]],
  ])('%j', (text, wanted) => {
    expect(isScript(head(text))).toBe(true)
    expect(parsed(text)).toEqual(wanted)
  })
  it('is no line of a script without its mark, nor in bytes that are no text', () => {
    for (const text of ['', '#', '!#', '# !', ' #!', '\0asm']) {
      expect(isScript(head(text))).toBe(false)
    }
    expect(interpreterOf(Uint8Array.of(0x23, 0x21, 0x2f, 0xff, 0x0a))).toBeUndefined()
  })
  const word = fc.string({ minLength: 1, maxLength: 60 }).filter((text) => !/[\s\0]/.test(text))
  const blank = fc.array(fc.constantFrom(' ', '\t'), { maxLength: 5 }).map((all) => all.join(''))
  it('gives back what was put in it', () => {
    fc.assert(
      fc.property(
        word,
        blank,
        fc.option(word, { nil: undefined }),
        blank,
        (path, before, argument, after) => {
          const middle = argument === undefined ? '' : ` ${after}${argument}`
          const line = `#!${before}${path}${middle}${after}\n`
          fc.pre(encoder.encode(line).length <= HEAD_BYTES)
          expect(parsed(line)).toEqual([path, argument])
        },
      ),
    )
  })
  it('never names what is not in its first 256 bytes, and never a blank name', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const whole = Uint8Array.of(0x23, 0x21, ...bytes)
        const found = interpreterOf(whole.subarray(0, HEAD_BYTES))
        if (found === undefined) return
        expect(found.path).toMatch(/^[^ \t\0\n]+$/)
        expect(found.argument ?? 'none').toMatch(/^[^ \t\0\n](?:[^\0\n]*[^ \t\0\n])?$/)
      }),
    )
  })
})
