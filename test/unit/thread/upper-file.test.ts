import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { ROOT } from '../../../src/contract/identity.ts'
import { piecesOf } from '../../../src/kernel/mount/file-bytes.ts'
import { adoptUpper, copyUpper, keepUpper } from '../../../src/thread/upper-file.ts'
import { must } from '../../support/errno.ts'
import { fileEntry, treeOf } from '../../support/process.ts'

const directory = mkdtempSync(join(tmpdir(), 'upper-'))
afterAll(() => rmSync(directory, { recursive: true }))

const IMAGE = [fileEntry('/f', 'f')]

function filled(sizes: readonly number[]) {
  const { root } = treeOf(IMAGE)
  for (const [index, size] of sizes.entries()) {
    const handle = must(
      must(root.root.createFile(`n${index}`, 0o644, ROOT)).open({ read: true, write: true }),
    )
    must(
      handle.write(
        Uint8Array.from({ length: size }, (_, at) => (at * 7 + index) % 256),
        0,
      ),
    )
    handle.close()
  }
  return root
}

function bytesOf({ memory }: ReturnType<typeof filled>, name: string): Uint8Array {
  const { node } = must(memory.root.lookup(name))
  return Buffer.concat([...piecesOf(node)])
}

it('files of any size come back byte for byte', () => {
  const size = fc.oneof(fc.nat({ max: 100 }), fc.constantFrom(65_535, 65_536, 65_537, 200_000))
  fc.assert(
    fc.property(fc.array(size, { maxLength: 6 }), (sizes) => {
      const path = join(directory, 'sizes')
      keepUpper(filled(sizes), path)
      const { root } = treeOf(IMAGE)
      adoptUpper(root, path)
      for (const [index, length] of sizes.entries()) {
        const expected = Uint8Array.from({ length }, (_, at) => (at * 7 + index) % 256)
        expect(Buffer.compare(bytesOf(root, `n${index}`), expected)).toBe(0)
      }
    }),
    { numRuns: 30 },
  )
})
it('a hole comes back as zeros, however little of it is held', () => {
  const path = join(directory, 'holes')
  const root = filled([])
  const file = must(root.root.createFile('n', 0o644, ROOT))
  must(file.truncate(300_000))
  const handle = must(file.open({ read: true, write: true }))
  for (const at of [0, 100_000, 250_000]) must(handle.write(Uint8Array.of(9), at))
  handle.close()
  must(must(root.root.createFile('empty', 0o644, ROOT)).truncate(70_000))
  keepUpper(root, path)
  const next = treeOf(IMAGE).root
  adoptUpper(next, path)
  const expected = new Uint8Array(300_000)
  for (const at of [0, 100_000, 250_000]) expected[at] = 9
  expect(Buffer.compare(bytesOf(next, 'n'), expected)).toBe(0)
  expect(Buffer.compare(bytesOf(next, 'empty'), new Uint8Array(70_000))).toBe(0)
})
it('a file that is not there is an empty layer', () => {
  const { root } = treeOf(IMAGE)
  adoptUpper(root, join(directory, 'none'))
  expect(must(root.memory.root.list())).toEqual([])
})
it('any byte of the header and the rows that is changed is noticed', () => {
  const path = join(directory, 'damaged')
  copyUpper(filled([3]), path)
  const whole = readFileSync(path)
  // Behind the rows stand the three bytes of the file, and the word that is kept free is nobody's.
  for (let at = 0; at < whole.length - 3; at += 1) {
    if (at >= 12 && at < 16) continue
    const bytes = Buffer.from(whole)
    bytes[at] = (bytes[at] ?? 0) ^ 1
    writeFileSync(path, bytes)
    const { root } = treeOf(IMAGE)
    expect(() => adoptUpper(root, path), `byte ${at}`).toThrow('writable layer is damaged')
  }
})
it('is written beside the old one, and leaves nothing when it cannot be renamed', () => {
  const own = mkdtempSync(join(directory, 'own-'))
  const path = join(own, 'upper')
  keepUpper(filled([1]), path)
  keepUpper(filled([2]), path)
  expect(readdirSync(own)).toEqual(['upper'])
  const taken = join(own, 'taken')
  keepUpper(filled([1]), join(taken, 'below'))
  expect(() => keepUpper(filled([1]), taken)).toThrow()
  expect(readdirSync(own).sort()).toEqual(['taken', 'upper'])
})
