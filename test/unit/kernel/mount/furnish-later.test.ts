import { describe, expect, it } from 'vitest'
import { ROOT } from '../../../../src/contract/identity.ts'
import type { OverlayVnode } from '../../../../src/kernel/mount/overlay.ts'
import { upperRows } from '../../../../src/kernel/mount/upper-layer.ts'
import { must } from '../../../support/errno.ts'
import { directoryEntry, fileEntry, treeOf } from '../../../support/process.ts'

/** A root in which a file is put once somebody looks, and how often it was. */
function later() {
  const { root: overlay } = treeOf([directoryEntry('/etc'), fileEntry('/etc/passwd', 'root')])
  let furnished = 0
  overlay.furnishLater(() => {
    furnished += 1
    must(must(overlay.root.lookup('etc')).createFile('hosts', 0o644, ROOT))
  })
  return { overlay, furnished: () => furnished }
}

describe('a root that is furnished when somebody looks', () => {
  it('is not by those who only hold it', () => {
    const { overlay, furnished } = later()
    expect([overlay.root.type, overlay.root.inode, furnished()]).toEqual(['directory', 1, 0])
  })
  it.each<[string, (root: OverlayVnode) => unknown]>([
    ['looks a name up', (root) => root.lookup('etc')],
    ['lists it', (root) => root.list()],
    ['asks what it is', (root) => root.stat()],
    ['makes something in it', (root) => root.createDirectory('new', 0o755, ROOT)],
    ['removes something of it', (root) => root.unlink('none')],
    ['changes its mode', (root) => root.setMode(0o700)],
    ['changes its times', (root) => root.setTimes({ accessed: 1n })],
  ])('is, once, for whoever %s', (_, look) => {
    const { overlay, furnished } = later()
    look(overlay.root)
    look(overlay.root)
    expect(furnished()).toBe(1)
    expect(must(overlay.root.lookup('etc')).lookup('hosts').ok).toBe(true)
  })
  it('is before what was written is told', () => {
    const { overlay, furnished } = later()
    overlay.looked()
    expect([...upperRows(overlay)].length).toBeGreaterThan(1)
    expect(furnished()).toBe(1)
  })
})
