import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SHEBANG_BYTES, shebangOf } from '../../../../src/engine/container/shebang.ts'

const of = (text: string) => shebangOf(new TextEncoder().encode(text).subarray(0, SHEBANG_BYTES))
const x = (count: number) => 'x'.repeat(count)

describe('the first line of a script', () => {
  it.each<[string, string, string | undefined]>([
    ['#!/bin/sh\n', '/bin/sh', undefined],
    ['#! \t/bin/sh \t\necho\n', '/bin/sh', undefined],
    ['#!/bin/sh', '/bin/sh', undefined],
    ['#!/bin/sh -e\n', '/bin/sh', '-e'],
    ['#!/usr/bin/env  sh  -e \t\n', '/usr/bin/env', 'sh  -e'],
    ['#!sh\n', 'sh', undefined],
    ['#!/bin/sh\r\n', '/bin/sh\r', undefined],
    ['#!/bin/sh\0-e\n', '/bin/sh', undefined],
    ['#!/bin/sh -a\0b\n', '/bin/sh', '-a'],
    ['#!/ä ü\n', '/ä', 'ü'],
    [`#!/${x(252)}\n`, `/${x(252)}`, undefined],
    [`#!/bin/sh ${x(400)}\n`, '/bin/sh', x(SHEBANG_BYTES - '#!/bin/sh '.length)],
  ])('%j names %j and %j', (text, interpreter, argument) => {
    expect(of(text)).toEqual({ interpreter, argument })
  })
  it.each(['#!', '#!\n', '#! \t \n/bin/sh', `#!${x(300)}`, `#!${' '.repeat(300)}/bin/sh`])(
    '%j names nobody',
    (text) => {
      expect(of(text)).toBe('malformed')
    },
  )
  it.each(['', '#', '# !', ' #!/bin/sh\n', '\0asm'])('%j is none', (text) => {
    expect(of(text)).toBeUndefined()
  })
  it('names what has no blank, whatever the bytes are', () => {
    const line = fc.uint8Array({ maxLength: SHEBANG_BYTES - 2 })
    fc.assert(
      fc.property(line, (bytes) => {
        const shebang = shebangOf(Uint8Array.from([0x23, 0x21, ...bytes]))
        if (shebang === 'malformed' || shebang === undefined) return
        expect(shebang.interpreter).toMatch(/^[^ \t\n\0]+$/)
        expect(shebang.argument ?? 'x').toMatch(/^[^ \t\n\0]([^\n\0]*[^ \t\n\0])?$/)
      }),
    )
  })
})
