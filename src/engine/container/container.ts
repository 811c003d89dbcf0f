import type { CellProcess } from '../../contract/cell.ts'
import type { ContainerId } from '../../contract/ids.ts'
import type { Deferred } from '../../std/deferred.ts'
import { Mutex } from '../../std/mutex.ts'
import { Attachments } from './attachments.ts'
import type { ContainerRecord } from './container-record.ts'
import { Execs } from './exec/execs.ts'
import type { ContainerLog } from './log/container-log.ts'
import { StdinPipe } from './stdin-pipe.ts'
import { Waits } from './waits.ts'

/** One run of a container's PID 1. */
export interface Run {
  readonly process: CellProcess
  /** Settles when its exit was recorded and told. Never rejects. */
  readonly over: Deferred<void>
}

/** A container as the engine holds it: its record, and whatever lives only as long as the engine. */
export class Container {
  /** Replaced by `change` and `note` only. */
  record: ContainerRecord
  readonly log: ContainerLog
  /** Verbs that change the container come one after another. */
  readonly turn = new Mutex()
  readonly attachments = new Attachments()
  readonly waits = new Waits()
  readonly execs = new Execs()
  /** Of the run that is, or the next one; undefined where the input is not open. */
  stdin: StdinPipe | undefined
  run: Run | undefined
  /** While somebody looks whether it is well. */
  healthMonitor: AbortController | undefined
  /** A restart that somebody asked for is under way: its exit removes nothing. */
  restarting = false
  /** The pause before a restart by policy. */
  restart: { readonly delayMs: number; readonly timer: NodeJS.Timeout | undefined } | undefined

  constructor(record: ContainerRecord, log: ContainerLog) {
    this.record = record
    this.log = log
    this.renewStdin()
  }

  get id(): ContainerId {
    return this.record.id
  }

  /** A run has taken the old one with it. */
  renewStdin(): void {
    this.stdin = this.record.spec.openStdin ? new StdinPipe() : undefined
  }
}
