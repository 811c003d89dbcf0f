import type { LayerFile } from '../../contract/layer.ts'

const directory = (path: string, mode = 0o755): LayerFile => ({
  path,
  type: 'directory',
  mode,
  uid: 0,
  gid: 0,
  modified: 0n,
  size: 0,
})

function text(path: string, content: string): LayerFile {
  const bytes = new TextEncoder().encode(content)
  return {
    path,
    type: 'regular',
    mode: 0o644,
    uid: 0,
    gid: 0,
    modified: 0n,
    size: bytes.length,
    source: { kind: 'bytes', bytes },
  }
}

/** What every container's root has: the directories programs expect, and two users. */
export const BASE_FILES: readonly LayerFile[] = [
  directory('/'),
  directory('/bin'),
  directory('/dev'),
  directory('/etc'),
  directory('/home'),
  directory('/proc'),
  directory('/root', 0o700),
  directory('/sys'),
  directory('/sys/fs'),
  directory('/sys/fs/cgroup'),
  directory('/tmp', 0o1777),
  directory('/usr'),
  directory('/usr/bin'),
  directory('/var'),
  directory('/var/tmp', 0o1777),
  text(
    '/etc/passwd',
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n',
  ),
  text('/etc/group', 'root:x:0:\nnogroup:x:65534:\n'),
]
