import { EngineError } from '../../contract/errors.ts'
import type { Credentials } from '../../contract/identity.ts'

const MAX_ID = 2 ** 31 - 1

/** Lines of /etc/passwd or /etc/group as fields; lines that are cut short are passed over. */
const linesOf = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 3)

const numberOf = (text: string | undefined): number | undefined => {
  if (text === undefined || !/^\d+$/.test(text)) return undefined
  const id = Number(text)
  return id <= MAX_ID ? id : undefined
}

/** The home directory of a user; `/` for one without an entry, as Docker has it. */
export function homeOf(uid: number, passwd: string): string {
  const entry = linesOf(passwd).find(([, , id]) => numberOf(id) === uid)
  return entry?.[5] || '/'
}

const notFound = (what: string, name: string, file: string): EngineError =>
  new EngineError(
    'INVALID_ARGUMENT',
    `unable to find ${what} ${name}: no matching entries in ${file} file`,
  )

/**
 * Who `user[:group]` is inside a container: names of its passwd and group files, or numbers, which
 * need no entry. Empty: root.
 *
 * @throws EngineError `INVALID_ARGUMENT`, in Docker's words.
 * @source docker-run(1), "--user"
 */
export function resolveUser(spec: string, passwd: string, group: string): Credentials {
  const [user = '', wantedGroup] = spec.split(':')
  const users = linesOf(passwd)
  const entry = users.find(([name, , uid]) => name === user || uid === user)
  const uid = user === '' ? 0 : (numberOf(entry?.[2]) ?? numberOf(user))
  if (uid === undefined) throw notFound('user', user, 'passwd')
  const groups = linesOf(group)
  const groupEntry = groups.find(([name, , gid]) => name === wantedGroup || gid === wantedGroup)
  const gid =
    wantedGroup === undefined || wantedGroup === ''
      ? (numberOf(entry?.[3]) ?? 0)
      : (numberOf(groupEntry?.[2]) ?? numberOf(wantedGroup))
  if (gid === undefined) throw notFound('group', wantedGroup ?? '', 'group')
  const name = entry?.[0]
  const supplementary = groups
    .filter(([, , , members]) => name !== undefined && members?.split(',').includes(name))
    .map(([, , id]) => numberOf(id))
    .filter((id) => id !== undefined)
  return { uid, gid, groups: supplementary }
}
