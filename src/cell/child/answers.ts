import { z } from 'zod'
import { EngineError, type ErrorCode, KIND_OF } from '../../contract/errors.ts'
import type { TreeValues, TreeVerb } from '../../contract/tree.ts'
import { ProtocolError } from './frame.ts'
import { type Answer, MAX_MESSAGE, type Verb } from './verbs.ts'

const count = z.int().min(0)
const amount = z.number().min(0)
const message = z.string().max(MAX_MESSAGE)
const fuel = z.bigint().min(0n)

const usage = z.object({
  fuel,
  fuelVersion: count,
  cpuMs: amount,
  wallMs: amount,
  peakMemory: amount,
  peakDisk: amount,
  syscalls: amount,
  readBytes: amount,
  writtenBytes: amount,
})

const report = z.object({
  exitCode: z.int().min(0).max(255),
  reason: z.enum([
    'exit',
    'trap',
    'killed',
    'signal',
    'fuel',
    'timeout',
    'memory',
    'lost',
    'failed',
  ]),
  message: message.nullable(),
  oomKilled: z.boolean(),
  usage,
})
const exit = report.extend({
  filesLoss: message.nullable(),
  layerLoss: message.nullable(),
  files: z.array(z.tuple([z.string(), z.instanceof(Uint8Array)])),
})

const stats = z.object({
  state: z.enum(['free', 'starting', 'running', 'blocked', 'paused', 'zombie', 'dead']),
  fuel,
  cpuMs: amount,
  memory: amount,
  // zod's numbers are finite.
  memoryLimit: amount.or(z.literal(Number.POSITIVE_INFINITY)),
  syscalls: amount,
  readBytes: amount,
  writtenBytes: amount,
  processes: count,
  safepoints: amount,
  safepointUs: amount,
})

const processRow = z.object({
  call: count.nullable(),
  pid: count,
  parentPid: count,
  uid: count,
  commandLine: z.string(),
  command: z.string(),
  state: z.enum(['running', 'sleeping', 'stopped', 'zombie']),
  hasTerminal: z.boolean(),
  ageMs: amount,
  cpuMs: amount,
  memory: amount,
})

/** The shape of each answer: a cell that a guest has broken into may send anything. */
const ANSWERS: { readonly [V in Verb]: z.ZodType<Answer<V>> } = {
  open: z.null(),
  prepareModule: z.object({ digest: z.string().regex(/^[0-9a-f]{64}$/) }),
  prepareRoot: z.null(),
  drop: z.null(),
  start: exit,
  exec: report,
  kill: z.null(),
  signal: z.null(),
  resize: z.null(),
  pause: z.null(),
  unpause: z.null(),
  update: z.null(),
  tree: z.null(),
  leave: z.null(),
  stats: stats.nullable(),
  processes: z.array(processRow).nullable(),
  inUse: z.object({ slots: count, threads: count, modules: count, wedged: count }),
}

const CODES = Object.keys(KIND_OF) as ErrorCode[] // its keys are the codes
const failure = z.object({ error: z.object({ code: z.enum(CODES), message }) })
const success = z.object({ value: z.unknown() })

/**
 * An answer's body, looked at.
 *
 * @throws EngineError the cell's own; ProtocolError for a body of another shape.
 */
export function answerOf<V extends Verb>(verb: V, body: unknown): Answer<V> {
  const failed = failure.safeParse(body)
  if (failed.success) throw new EngineError(failed.data.error.code, failed.data.error.message)
  const { data } = success.safeParse(body)
  const answer = ANSWERS[verb].safeParse(data?.value)
  if (!answer.success) throw new ProtocolError(`an answer to ${verb} of another shape`)
  return answer.data
}

const pathStat = z.object({
  name: z.string(),
  type: z.enum(['regular', 'directory', 'symlink', 'other']),
  size: count,
  mode: count,
  modified: z.bigint(),
  linkTarget: z.string(),
})
const change = z.object({ path: z.string(), kind: z.enum(['modified', 'added', 'deleted']) })

/** And what is said of a tree. */
const TREE_VALUES: { readonly [V in TreeVerb]: z.ZodType<TreeValues[V]> } = {
  stat: pathStat,
  get: pathStat,
  put: z.undefined(),
  changes: z.array(change),
  export: z.undefined(),
  size: count,
}

/** @throws ProtocolError for a value of another shape. */
export function treeValueOf<V extends TreeVerb>(verb: V, body: unknown): TreeValues[V] {
  const value = TREE_VALUES[verb].safeParse(body)
  if (!value.success) throw new ProtocolError(`what was said to ${verb} has another shape`)
  return value.data
}
