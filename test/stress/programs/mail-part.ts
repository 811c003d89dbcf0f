/** The shortcuts that lose requests: each looks right. */
export type MailMutant = 'none' | 'clear-late' | 'raise-early'

/** What a thread of the stress test is told. */
export interface MailPart {
  readonly role: 'server' | 'client'
  readonly seed: number
  readonly delay: number
  readonly mutant: MailMutant
  /** The server computes between two looks; else it parks. */
  readonly computing: boolean
  readonly host: SharedArrayBuffer
  /** Mailbox i is of the client in slot i + 1; the server is in slot 0. */
  readonly mailboxes: readonly SharedArrayBuffer[]
  /** Of a client. */
  readonly index: number
  readonly words: SharedArrayBuffer
}

/**
 * Words the threads and the test share. From ENDED on one for each mailbox, 1 when its client was ended;
 * then one for each thread, the server's and then the clients': 1 while it sleeps; then as many: the
 * system's number of the thread.
 */
export const SHARED = { ANSWERED: 0, WRONG: 1, TURNS: 2, GONE: 3, ENDED: 16 } as const
export const SERVER = -1
export const asleepAt = ({ mailboxes }: Pick<MailPart, 'mailboxes'>, thread: number): number =>
  SHARED.ENDED + mailboxes.length + 1 + thread
export const threadAt = ({ mailboxes }: Pick<MailPart, 'mailboxes'>, thread: number): number =>
  asleepAt({ mailboxes }, thread) + mailboxes.length + 1
export const wordsFor = (mailboxes: number): number => SHARED.ENDED + 3 * mailboxes + 2
