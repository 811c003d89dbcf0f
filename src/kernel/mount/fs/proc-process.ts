import { Errno } from '../../../contract/errno.ts'
import { ROOT } from '../../../contract/identity.ts'
import { fail, ok, type Result } from '../../../contract/result.ts'
import { workingDirectoryOf } from '../../process/directory.ts'
import type { Process } from '../../process/process.ts'
import type { MountTable, Place } from '../place.ts'
import type { OpenFiles } from './open-files.ts'
import { stat, statm } from './proc-stat.ts'
import { commandText, limits, status } from './proc-status.ts'
import { directory, type Ownership, type Synthetic, text } from './synthetic.ts'

/** Who looks, and what it sees besides. */
export interface Looking {
  readonly self: () => Process | undefined
  readonly mounts: MountTable
  readonly uptime: () => number
  readonly openFiles: OpenFiles
}

function mountLines(mounts: MountTable): string {
  const lines = mounts.list().map(({ fs, path, readOnly }) => {
    const source = fs.name === 'bind' ? 'host' : fs.name
    return `${source} ${path} ${fs.name} ${readOnly ? 'ro' : 'rw'},relatime 0 0\n`
  })
  return lines.join('')
}

/** Its user's alone: what it has open, and its environment, are not for others. */
const owned = ({ credentials: { uid, gid } }: Process, mode: number): Ownership => ({
  uid,
  gid,
  mode,
})

/** A way past the directories that lead there: only for root and for the same user. @source ptrace(2) */
function mayFollow({ self }: Looking, { credentials }: Process): boolean {
  const { uid } = self()?.credentials ?? ROOT
  return uid === 0 || uid === credentials.uid
}

const descriptors = (process: Process, { openFiles }: Looking): Synthetic => ({
  kind: 'directory',
  owner: owned(process, 0o500),
  entries: () =>
    new Map(
      [...process.fds.entries()].map(([fd, file]) => [String(fd), openFiles.linkOf(process, file)]),
    ),
})

const nulTerminated = (texts: readonly string[]): string => texts.map((one) => `${one}\0`).join('')

/** A link that tells something only to who may follow it. */
function guarded(
  process: Process,
  looking: Looking,
  target: () => Result<string>,
  place: () => Place | undefined,
): Synthetic {
  return {
    kind: 'link',
    target: () => (mayFollow(looking, process) ? target() : fail(Errno.ACCES)),
    place: () => (mayFollow(looking, process) ? place() : undefined),
  }
}

function workingDirectoryText(process: Process): Result<string> {
  const path = workingDirectoryOf(process)
  if (path.ok || path.errno !== Errno.NOENT) return path
  return ok(`${process.workingDirectory} (deleted)`)
}

const programText = ({ program }: Process): Result<string> =>
  program === '' ? fail(Errno.NOENT) : ok(program)

/** What only one that has not ended has. */
function living(process: Process, looking: Looking): Readonly<Record<string, Synthetic>> {
  if (process.ended !== undefined) return {}
  return {
    cwd: guarded(
      process,
      looking,
      () => workingDirectoryText(process),
      () => process.directory,
    ),
    exe: guarded(
      process,
      looking,
      () => programText(process),
      () => undefined,
    ),
  }
}

/** /proc/<pid>. @source proc(5) */
export function processDirectory(process: Process, looking: Looking): Synthetic {
  const { mounts, uptime } = looking
  const arguments_ = (): readonly string[] => (process.ended === undefined ? process.args : [])
  const environment = (): readonly string[] =>
    process.ended === undefined ? process.environment : []
  return directory({
    status: text(() => status(process)),
    stat: text(() => stat(process, uptime())),
    statm: text(() => statm(process)),
    comm: text(() => `${commandText(process)}\n`),
    cmdline: text(() => nulTerminated(arguments_())),
    environ: {
      kind: 'text',
      text: () => nulTerminated(environment()),
      owner: owned(process, 0o400),
    },
    limits: text(() => limits(process)),
    mounts: text(() => mountLines(mounts)),
    fd: descriptors(process, looking),
    ...living(process, looking),
  })
}
