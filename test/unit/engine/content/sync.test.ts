import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { replaceFile } from '../../../../src/engine/content/sync.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sync-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const path = (name: string): string => join(directory, name)

it('a file is replaced, and nothing else is left', () => {
  writeFileSync(path('a'), 'old')
  replaceFile(directory, path('a'), path('.b'), 'new')
  expect([readFileSync(path('a'), 'utf8'), readdirSync(directory)]).toEqual(['new', ['a']])
})

it('a replacement that fails leaves the old file, and nothing else', () => {
  writeFileSync(path('a'), 'old')
  expect(() => replaceFile(directory, join(path('none'), 'a'), path('.b'), 'new')).toThrow('ENOENT')
  expect([readFileSync(path('a'), 'utf8'), readdirSync(directory)]).toEqual(['old', ['a']])
})
