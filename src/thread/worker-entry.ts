import { EngineError } from '../contract/errors.ts'
import type { ByteSource } from '../contract/streams.ts'
import { RingReader, RingWriter } from './byte-ring.ts'
import { ControlBlock, WORD } from './control-block.ts'
import { park } from './doorbell.ts'
import type { GuestPorts } from './guest-ports.ts'
import { HostBlock } from './host-block.ts'
import type { ProcessMemory, ProcessOutcome, ProcessTask } from './process-task.ts'
import { runGuest } from './run-guest.ts'

export { buildRoot, meterModule } from './builder.ts'

const AT_ITS_END: ByteSource = { read: () => 0, available: () => -1 }

interface Pipes extends GuestPorts {
  readonly stdout: RingWriter
  readonly stderr: RingWriter
}

function portsOf(memory: ProcessMemory): Pipes {
  const control = new ControlBlock(memory.control)
  const host = new HostBlock(memory.host)
  const wake = (): void => host.mark(memory.slot)
  const bell = { words: control.words, doorbell: WORD.DOORBELL, sleeping: WORD.SLEEPING }
  return {
    stdin: memory.stdin === undefined ? AT_ITS_END : new RingReader(memory.stdin, wake),
    stdout: new RingWriter(memory.stdout, wake),
    stderr: new RingWriter(memory.stderr, wake),
    waiter: { park: (changed, deadline) => park(bell, changed, deadline) },
    control,
  }
}

/** The task of a pooled worker: one process, from its start to its end. */
export default function runProcess(task: ProcessTask): ProcessOutcome {
  const ports = portsOf(task.memory)
  try {
    const { files, ...report } = runGuest(task, ports)
    return { ok: true, report, files }
  } catch (error) {
    if (error instanceof EngineError) return { ok: false, code: error.code, message: error.message }
    throw error
  } finally {
    ports.stdout.close()
    ports.stderr.close()
  }
}
