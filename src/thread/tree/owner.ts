import type { Credentials } from '../../contract/identity.ts'
import type { PutRules } from '../../contract/tree.ts'
import { Ledger } from '../../kernel/cgroup/ledger.ts'
import { resolveUser } from '../../kernel/identity/user-namespace.ts'
import type { Walker } from '../../kernel/mount/place.ts'
import { NAMES, namesAt } from '../name-files.ts'

/** Whose files an archive's become. @throws EngineError `INVALID_ARGUMENT`: no such user. */
export function ownerOf(walker: Walker, user: string, rules: PutRules): Credentials | undefined {
  if (!rules.copyUIDGID || user === '') return undefined
  const text = (path: string): string => namesAt(walker, path, new Ledger())
  return resolveUser(user, text(NAMES.passwd), text(NAMES.group))
}
