import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ImageStore, newImage } from '../../../../src/engine/image/image-store.ts'

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

it('a name may be longer than that of a file', () => {
  const store = new ImageStore(directory)
  const config = { Env: [], WorkingDir: '/', User: '', Entrypoint: [], Cmd: [] }
  const name = `${'long/'.repeat(50)}end`
  const image = newImage({ name, tag: 't'.repeat(128), recipe: 'commit', config, files: [] })
  store.put(image)
  expect(new ImageStore(directory).get(`${name}:${image.tag}`)).toEqual(image)
  store.remove(image)
  expect(store.list()).toEqual([])
})
