import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ImageStore } from '../../../../src/engine/image/image-store.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'image-store-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

it('a store that was never written to has no images', () => {
  expect(new ImageStore(join(directory, 'images')).list()).toEqual([])
})
it('a store that cannot be read is not taken for empty: what its images need would be removed', () => {
  writeFileSync(join(directory, 'images'), '')
  const store = new ImageStore(join(directory, 'images'))
  expect(() => store.list()).toThrow('ENOTDIR')
  expect(() => store.find('python')).toThrow('ENOTDIR')
})
