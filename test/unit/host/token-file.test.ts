import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readToken } from '../../../src/host/token-file.ts'

const TEXT = '0123456789abcdef'
let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'token-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

function fileOf(content: string, mode = 0o600): string {
  const path = join(directory, 'token')
  rmSync(path, { force: true })
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

describe('a token file', () => {
  it.each([TEXT, `${TEXT}\n`, `  ${TEXT}\r\n`])('%j has the token', (content) => {
    expect(readToken(fileOf(content)).is(TEXT)).toBe(true)
  })
  it.each(['', '\n', 'tooshort', `${TEXT}\n${TEXT}`, `${TEXT} #`, `"${TEXT}"`])(
    '%j has none, and is not repeated',
    (content) => {
      const path = fileOf(content)
      expect(() => readToken(path)).toThrow(`token file ${path}: a token is 16 to 1024 letters`)
      if (content.includes('0')) expect(() => readToken(path)).not.toThrow(/0123456789/)
    },
  )
  it('that is not there is named', () => {
    const path = join(directory, 'nowhere')
    expect(() => readToken(path)).toThrow(`token file ${path}: cannot be read: ENOENT`)
  })
  it('that is too large is not read', () => {
    expect(() => readToken(fileOf('a'.repeat(5_000)))).toThrow('larger than 4096 bytes')
  })
  describe.skipIf(process.platform === 'win32')('on POSIX', () => {
    it.each([0o604, 0o602, 0o666, 0o601])('of mode %o is refused', (mode) => {
      expect(() => readToken(fileOf(TEXT, mode))).toThrow('chmod 600 it')
    })
    it.each([0o600, 0o400, 0o640])('of mode %o is read', (mode) => {
      expect(readToken(fileOf(TEXT, mode)).is(TEXT)).toBe(true)
    })
  })
})
