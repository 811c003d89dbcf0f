import { describe, expect, it } from 'vitest'
import { buildLayerView, type LayerEntry } from '../../../src/kernel/mount/layer-index.ts'
import { KeptRoots } from '../../../src/thread/kept-roots.ts'
import { directoryEntry, fileEntry, linkEntry } from '../../support/process.ts'

const PASSWD = 'root:x:0:0:root:/root:/bin/sh\nann:x:7:8::/home/ann:/bin/sh\n'
const GROUP = 'root:x:0:\nstaff:x:8:\nwheel:x:9:ann\n'
const PLAIN: readonly LayerEntry[] = [
  ...['/', '/proc', '/dev', '/sys', '/sys/fs', '/sys/fs/cgroup', '/etc'].map((path) =>
    directoryEntry(path),
  ),
  fileEntry('/etc/passwd', PASSWD),
  fileEntry('/etc/group', GROUP),
]
const rootOf = (entries: readonly LayerEntry[]) =>
  new KeptRoots().of(buildLayerView([entries]).parts)
const without = (path: string) => PLAIN.filter((entry) => entry.path !== path)

describe('the root that a thread keeps', () => {
  it('is read once for all containers of its image', () => {
    const roots = new KeptRoots()
    const { parts } = buildLayerView([PLAIN])
    expect(roots.of(parts)).toBe(roots.of(parts))
    expect(roots.of(buildLayerView([PLAIN]).parts)).not.toBe(roots.of(parts))
  })
  it('is plain with what every container finds, and with files where the container has its own', () => {
    expect(rootOf(PLAIN).isPlain).toBe(true)
    expect(rootOf([...PLAIN, fileEntry('/etc/hosts', 'own')]).isPlain).toBe(true)
    expect(rootOf(without('/etc/passwd')).isPlain).toBe(true)
  })
  it.each<[string, readonly LayerEntry[]]>([
    ['no /proc', without('/proc')],
    ['no /sys/fs/cgroup', without('/sys/fs/cgroup')],
    ['a file at /dev', [...without('/dev'), fileEntry('/dev', '')]],
    ['a link at /proc', [...without('/proc'), linkEntry('/proc', '/etc')]],
    ['a link at /etc/passwd', [...without('/etc/passwd'), linkEntry('/etc/passwd', '/x')]],
    ['a link at /etc/hosts', [...PLAIN, linkEntry('/etc/hosts', '/proc/self/environ')]],
    ['a directory at /etc/resolv.conf', [...PLAIN, directoryEntry('/etc/resolv.conf')]],
  ])('is not plain with %s', (_, entries) => {
    expect(rootOf(entries).isPlain).toBe(false)
  })
  it('knows its users, whoever was asked for before', () => {
    const root = rootOf(PLAIN)
    const ann = { credentials: { uid: 7, gid: 8, groups: [9] }, home: '/home/ann' }
    expect(root.identityOf('ann')).toEqual(ann)
    expect(root.identityOf('')).toMatchObject({ credentials: { uid: 0 }, home: '/root' })
    expect(root.identityOf('ann')).toEqual(ann)
    expect(() => root.identityOf('bob')).toThrow('unable to find user bob')
    expect(rootOf(without('/etc/passwd')).identityOf('')).toMatchObject({ home: '/' })
  })
})
