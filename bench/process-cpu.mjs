// CPU time of this process with all its threads, and of the children it has waited for.
import { readFileSync } from 'node:fs'

/** proc(5): times of children are in ticks, which Linux fixes at 100 a second for programs. */
const MS_PER_TICK = 10
/** Places of cutime and cstime behind the command's closing bracket. */
const CHILD_FIELDS = [13, 14]

/** Undefined where the platform does not tell what children used. */
export function familyCpuMs() {
  if (process.platform !== 'linux') return undefined
  const text = readFileSync('/proc/self/stat', 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const ticks = CHILD_FIELDS.reduce((sum, at) => sum + Number(fields[at]), 0)
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000 + ticks * MS_PER_TICK
}
