import { commandText } from '../kernel/mount/fs/proc-status.ts'
import type { Process } from '../kernel/process/process.ts'
import { plain } from '../std/printable.ts'
import type { ListedProcess } from './live-tree.ts'

/** Characters of a process's arguments that are told: as many as Linux's proc(5) once had room for. */
const MOST_CHARACTERS = 4_096
const NS_PER_MS = 1_000_000

/** Cut before it is looked at: the arguments of one process may be a mebibyte. */
function commandLineOf({ args }: Process): string {
  let line = ''
  for (const [index, argument] of args.entries()) {
    line += `${index === 0 ? '' : ' '}${argument.slice(0, MOST_CHARACTERS)}`
    if (line.length >= MOST_CHARACTERS) break
  }
  return plain(line.slice(0, MOST_CHARACTERS))
}

/**
 * The processes of a container, the dead among them, by the numbers that their cell has for them; one
 * whose program is still on its way has none, and is left out.
 */
export function listedProcesses(processes: Iterable<Process>): readonly ListedProcess[] {
  const listed: ListedProcess[] = []
  for (const process of processes) {
    const { clock, credentials, ended, parent, startedAt, state, terminal, thread } = process
    const { number } = thread
    if (number === undefined) continue
    listed.push({
      number,
      parent: parent?.thread.number,
      uid: credentials.uid,
      commandLine: ended === undefined ? commandLineOf(process) : '',
      command: plain(commandText(process)),
      state,
      hasTerminal: terminal !== undefined,
      ageMs: Math.max(0, Number(clock.now('monotonic') - startedAt) / NS_PER_MS),
      cpuMs: thread.cpuMs?.() ?? 0,
      memory: ended === undefined ? (thread.memory?.() ?? 0) : 0,
    })
  }
  return listed
}
