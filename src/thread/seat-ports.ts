import type { ByteSource } from '../contract/streams.ts'
import { RingReader, RingWriter } from './byte-ring.ts'
import type { ControlBlock } from './control-block.ts'
import { ring } from './doorbell.ts'
import type { HostBlock } from './host-block.ts'
import type { PortsOf } from './live-tree.ts'
import { MailboxServer } from './mailbox.ts'
import type { SignalPort } from './signal-port.ts'

export const AT_ITS_END: ByteSource = { read: () => 0, available: () => -1 }

/** What a kernel says to a process goes through its control block, and its bell is rung. */
export function signalsTo(control: ControlBlock): SignalPort {
  const told = (tell: () => void): void => {
    tell()
    ring(control.bell)
  }
  return {
    handle: (signal, interrupts) => told(() => control.signal(signal, interrupts)),
    end: (signal) => told(() => control.condemn('signal', signal)),
    stop: () => told(() => control.stop()),
    resume: () => told(() => control.resume()),
  }
}

/** Milliseconds that the process used which sits there now; 0 once another does. */
function cpuOf(control: ControlBlock): () => number {
  const { generation } = control
  return () => {
    const ms = control.cpuMs()
    return control.generation === generation ? ms : 0
  }
}

/** The kernel's ends of another seat's memory. */
export function seatPorts(host: HostBlock): PortsOf {
  const child: PortsOf['child'] = ({ slot, mailbox }) => {
    const control = host.control(slot)
    const server = new MailboxServer(mailbox, control.bell)
    return { slot, server, signals: signalsTo(control), cpuMs: cpuOf(control) }
  }
  return {
    child,
    member: ({ stdin, stdout, stderr, hasInput, ...seat }) => {
      const mark = (): void => host.mark(seat.slot)
      return {
        ...child(seat),
        hasInput,
        stdin: hasInput ? new RingReader(stdin, mark) : AT_ITS_END,
        stdout: new RingWriter(stdout, mark),
        stderr: new RingWriter(stderr, mark),
      }
    },
  }
}
