import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EngineError } from '../../../../src/contract/errors.ts'
import { appletNames } from '../../../../src/engine/image/applet-names.ts'

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
const utf8 = (text: string): readonly number[] => [...new TextEncoder().encode(text)]
/** LEB128, in two bytes where one would do. */
const long = (value: number): readonly number[] => [(value & 0x7f) | 0x80, value >> 7]
const section = (id: number, content: readonly number[]) => [
  id,
  ...long(content.length),
  ...content,
]
const custom = (name: string, text: string) =>
  section(0, [utf8(name).length, ...utf8(name), ...utf8(text)])
const moduleOf = (...sections: readonly (readonly number[])[]) =>
  Uint8Array.from([...HEADER, ...sections.flat()])

describe('the names of a program of many tools', () => {
  it('are the lines of its custom section, each once', () => {
    const names = custom('applets', 'sh\n[\nls\nsh\ng++\n')
    const module = moduleOf(section(1, [0]), custom('name', 'applets'), names, section(3, [0]))
    expect(appletNames(module)).toEqual(['sh', '[', 'ls', 'g++'])
  })
  it('may be none yet', () => {
    expect(appletNames(moduleOf(custom('applets', '')))).toEqual([])
  })
  it.each([
    ['no such section', moduleOf(custom('names', 'sh\n'))],
    ['a path', moduleOf(custom('applets', 'sh\n../sh\n'))],
    ['a dot', moduleOf(custom('applets', '..\n'))],
    ['a NUL', moduleOf(custom('applets', 'a\0b\n'))],
    ['a name without end', moduleOf(custom('applets', 'a'.repeat(65)))],
    [
      'names without end',
      moduleOf(custom('applets', Array.from({ length: 1001 }, (_, n) => `${n}`).join('\n'))),
    ],
    ['a section longer than the module', Uint8Array.from([...HEADER, 0, 0x7f, 1])],
    ['a name longer than its section', moduleOf(section(0, [9, 1]))],
    ['a length without end', Uint8Array.from([...HEADER, 0, 0x80, 0x80, 0x80, 0x80, 0x80])],
  ])('are refused for %s', (_, module) => {
    expect(() => appletNames(module)).toThrow(/^the module's names: /)
  })
  it('are read or refused, whatever the bytes are', () => {
    const bytes = fc.uint8Array({ maxLength: 60 })
    const mixed = fc
      .array(
        fc.oneof(
          bytes,
          fc.string().map((text) => Uint8Array.from(custom('applets', text))),
        ),
      )
      .map((parts) => Uint8Array.from([...HEADER, ...parts.flatMap((part) => [...part])]))
    fc.assert(
      fc.property(mixed, (module) => {
        try {
          for (const name of appletNames(module)) expect(name).toMatch(/^[^/\0]+$/)
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError)
        }
      }),
    )
  })
})
