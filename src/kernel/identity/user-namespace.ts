import { EngineError } from '../../contract/errors.ts'
import { type Credentials, MAX_GROUPS } from '../../contract/identity.ts'

const MAX_ID = 2 ** 31 - 1

/** A line of /etc/passwd has as many fields; more of one are passed over. */
const MOST_FIELDS = 7

/**
 * Lines of /etc/passwd or /etc/group as fields, one after another: an image's file may be all line ends.
 * Lines that are cut short are passed over.
 */
function* linesOf(text: string): Generator<readonly string[]> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from)
    const next = end === -1 ? text.length : end
    const fields = text.slice(from, next).split(':', MOST_FIELDS)
    if (fields.length >= 3) yield fields
    from = next + 1
  }
}

function firstLine(
  text: string,
  isMeant: (fields: readonly string[]) => boolean,
): readonly string[] | undefined {
  for (const fields of linesOf(text)) if (isMeant(fields)) return fields
  return undefined
}

const tooMany = (user: string): EngineError =>
  new EngineError('INVALID_ARGUMENT', `user ${user} is in more than ${MAX_GROUPS} groups`)

/**
 * The groups that name a user as a member.
 *
 * @source setgroups(2): more are INVAL, for which runc does not start
 */
function groupsOf(user: string, group: string): readonly number[] {
  const ids: number[] = []
  for (const [, , gid, members] of linesOf(group)) {
    const id = members?.split(',').includes(user) === true ? numberOf(gid) : undefined
    if (id !== undefined && ids.push(id) > MAX_GROUPS) throw tooMany(user)
  }
  return ids
}

const numberOf = (text: string | undefined): number | undefined => {
  if (text === undefined || !/^\d+$/.test(text)) return undefined
  const id = Number(text)
  return id <= MAX_ID ? id : undefined
}

/** The home directory of a user; `/` for one without an entry, as Docker has it. */
export function homeOf(uid: number, passwd: string): string {
  const entry = firstLine(passwd, ([, , id]) => numberOf(id) === uid)
  return entry?.[5] || '/'
}

const notFound = (what: string, name: string, file: string): EngineError =>
  new EngineError(
    'INVALID_ARGUMENT',
    `unable to find ${what} ${name}: no matching entries in ${file} file`,
  )

/**
 * Who `user[:group]` is inside a container: names of its passwd and group files, or numbers, which
 * need no entry. Empty: root. Who is given a group by hand is in no others.
 *
 * @throws EngineError `INVALID_ARGUMENT`, in Docker's words.
 * @source docker-run(1), "--user"; moby/sys, user.GetExecUser
 */
export function resolveUser(spec: string, passwd: string, group: string): Credentials {
  const [user = '', wantedGroup] = spec.split(':')
  const entry = firstLine(passwd, ([name, , uid]) => name === user || uid === user)
  const uid = user === '' ? 0 : (numberOf(entry?.[2]) ?? numberOf(user))
  if (uid === undefined) throw notFound('user', user, 'passwd')
  const isGiven = wantedGroup !== undefined && wantedGroup !== ''
  const groupEntry = firstLine(
    group,
    ([name, , gid]) => name === wantedGroup || gid === wantedGroup,
  )
  const gid = isGiven
    ? (numberOf(groupEntry?.[2]) ?? numberOf(wantedGroup))
    : (numberOf(entry?.[3]) ?? 0)
  if (gid === undefined) throw notFound('group', wantedGroup ?? '', 'group')
  const name = entry?.[0]
  return { uid, gid, groups: name === undefined || isGiven ? [] : groupsOf(name, group) }
}
