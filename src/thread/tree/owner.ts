import type { Credentials } from '../../contract/identity.ts'
import type { PutRules } from '../../contract/tree.ts'
import { Ledger } from '../../kernel/cgroup/ledger.ts'
import { resolveUser } from '../../kernel/identity/user-namespace.ts'
import type { Walker } from '../../kernel/mount/place.ts'
import { readWhole } from '../container-files.ts'

/** Whose files an archive's become. @throws EngineError `INVALID_ARGUMENT`: no such user. */
export function ownerOf(walker: Walker, user: string, rules: PutRules): Credentials | undefined {
  if (!rules.copyUIDGID || user === '') return undefined
  const text = (path: string): string => {
    const bytes = readWhole(walker, path, new Ledger())
    return bytes.ok ? new TextDecoder().decode(bytes.value) : ''
  }
  return resolveUser(user, text('/etc/passwd'), text('/etc/group'))
}
