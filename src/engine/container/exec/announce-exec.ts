import type { Container } from '../container.ts'
import { announce, type ContainerParts } from '../containers.ts'
import type { Exec } from './exec.ts'

/** Docker tells the command with it: a program without arguments keeps the blank behind it. */
const WITH_COMMAND: ReadonlySet<string> = new Set(['exec_create', 'exec_start'])

/** @source engine API reference, 6.3 and 8 */
export function announceExec(
  parts: Pick<ContainerParts, 'events'>,
  { record }: Container,
  { id, spec }: Exec,
  action: 'exec_create' | 'exec_start' | 'exec_die' | 'exec_detach',
  attributes: Readonly<Record<string, string>> = {},
): void {
  const [program = '', ...args] = spec.args
  const told = WITH_COMMAND.has(action) ? `${action}: ${program} ${args.join(' ')}` : action
  announce(parts, record, told, { execID: id, ...attributes })
}
