import { CHARACTER, INPUT, LOCAL, SANE, type Termios } from '../../contract/termios.ts'
import { LineBuffer } from './line-buffer.ts'
import { eraseInLine } from './line-erase.ts'
import { isControl, OutputProcessing } from './output-processing.ts'

const [BACKSPACE, TAB, NEWLINE, RETURN] = [0x08, 0x09, 0x0a, 0x0d]
const CARET = 0x5e
/** Between a control character and the letter it is written with. */
const CONTROL_BIT = 0x40
const NONE = 0

const [SIGINT, SIGQUIT, SIGTSTP] = [2, 3, 20]
const SIGNALS: readonly (readonly [keyof typeof CHARACTER, number])[] = [
  ['VINTR', SIGINT],
  ['VQUIT', SIGQUIT],
  ['VSUSP', SIGTSTP],
]

/**
 * What a terminal makes of each byte that is typed: a line, an echo, a signal. What it echoes is left in
 * `echo` for whoever has the output, so nothing here ever waits.
 *
 * @source termios(3); the order of what is looked at is that of Linux's N_TTY
 */
export class LineDiscipline {
  settings: Termios = SANE
  readonly buffer = new LineBuffer()
  readonly output = new OutputProcessing()
  /** Bytes for the screen, which leave before anything else does. */
  echo: number[] = []
  /** By ^S, until ^Q: nothing goes to the screen. */
  stopped = false
  /** The next byte is none of the special ones. */
  #literal = false

  #has(flag: keyof typeof LOCAL): boolean {
    return (this.settings.local & LOCAL[flag]) !== 0
  }

  #takes(flag: keyof typeof INPUT): boolean {
    return (this.settings.input & INPUT[flag]) !== 0
  }

  #is(name: keyof typeof CHARACTER, byte: number): boolean {
    const character = this.settings.characters[CHARACTER[name]]
    return character !== NONE && character === byte
  }

  get canonical(): boolean {
    return this.#has('ICANON')
  }

  /** Whether a byte can be taken. A line that is too long goes on without what does not fit. */
  get hasRoom(): boolean {
    const { buffer } = this
    return !buffer.isFull || (this.canonical && !buffer.hasLine)
  }

  /** Other settings hold for what comes; lines become bytes, or bytes a line. */
  change(settings: Termios): void {
    const was = this.canonical
    this.settings = settings
    if ((settings.input & INPUT.IXON) === 0) this.stopped = false
    if (was === this.canonical) return
    this.#literal = false
    if (was) this.buffer.unmark()
    else this.buffer.markAll()
  }

  /** Takes one byte. @returns the signal that it is. */
  take(typed: number): number | undefined {
    let byte = this.#takes('ISTRIP') ? typed & 0x7f : typed
    if (this.#literal) {
      this.#literal = false
      this.#ordinary(byte, byte)
      return undefined
    }
    if (this.#flow(byte)) return undefined
    const signal = this.#signal(byte)
    if (signal !== undefined) return signal
    if (byte === RETURN) {
      if (this.#takes('IGNCR')) return undefined
      if (this.#takes('ICRNL')) byte = NEWLINE
    } else if (byte === NEWLINE && this.#takes('INLCR')) byte = RETURN
    const done = this.canonical && (this.#edit(byte) || this.#finish(byte))
    if (!done) this.#ordinary(byte, typed)
    return undefined
  }

  /** ^S and ^Q. */
  #flow(byte: number): boolean {
    if (!this.#takes('IXON')) return false
    if (this.#is('VSTART', byte)) this.stopped = false
    else if (this.#is('VSTOP', byte)) this.stopped = true
    else {
      if (this.#takes('IXANY')) this.stopped = false
      return false
    }
    return true
  }

  #signal(byte: number): number | undefined {
    if (!this.#has('ISIG')) return undefined
    const signal = SIGNALS.find(([name]) => this.#is(name, byte))?.[1]
    if (signal === undefined) return undefined
    if (!this.#has('NOFLSH')) this.flush()
    if (this.#takes('IXON')) this.stopped = false
    if (this.#has('ECHO')) this.#show(byte)
    return signal
  }

  /** What was typed is gone, and what of it was not yet shown. */
  flush(): void {
    this.buffer.clear()
    this.echo = []
    this.#literal = false
  }

  /** What edits the line. False: it is a byte of it, or its end. */
  #edit(byte: number): boolean {
    const extended = this.#has('IEXTEN')
    if (this.#is('VERASE', byte)) this.#erase('character')
    else if (this.#is('VKILL', byte)) this.#kill(byte)
    else if (extended && this.#is('VWERASE', byte)) this.#erase('word')
    else if (extended && this.#is('VLNEXT', byte)) this.#quote()
    else if (extended && this.#has('ECHO') && this.#is('VREPRINT', byte)) this.#reprint(byte)
    else return false
    return true
  }

  /** What ends it. */
  #finish(byte: number): boolean {
    const ends = this.#is('VEOL', byte) || (this.#has('IEXTEN') && this.#is('VEOL2', byte))
    if (byte === NEWLINE) {
      if (this.#has('ECHO') || this.#has('ECHONL')) this.#put(NEWLINE)
      this.buffer.commit(NEWLINE)
    } else if (this.#is('VEOF', byte)) this.buffer.commit(undefined)
    else if (ends) {
      if (this.#has('ECHO')) this.#show(byte)
      this.buffer.commit(byte)
    } else return false
    return true
  }

  /** @param typed - what was typed for it: a key for the end of a line is seen as such. */
  #ordinary(byte: number, typed: number): void {
    if (this.#has('ECHO')) {
      if (this.buffer.line.length === 0) this.output.lineColumn = this.output.column
      if (byte === NEWLINE && typed === RETURN) this.#put(NEWLINE)
      else this.#show(byte)
    }
    this.buffer.push(byte)
  }

  #quote(): void {
    this.#literal = true
    if (this.#has('ECHO') && this.#has('ECHOCTL')) this.echo.push(CARET, BACKSPACE)
  }

  #reprint(byte: number): void {
    const typed = this.buffer.line.slice()
    this.#show(byte)
    this.#put(NEWLINE)
    for (const one of typed) this.#show(one)
  }

  #kill(byte: number): void {
    if (this.#has('ECHO') && this.#has('ECHOE') && this.#has('ECHOK') && this.#has('ECHOKE')) {
      this.#erase('line')
      return
    }
    if (this.buffer.line.length === 0) return
    this.buffer.drop(this.buffer.line.length)
    if (!this.#has('ECHO')) return
    this.#show(byte)
    if (this.#has('ECHOK')) this.#put(NEWLINE)
  }

  #erase(what: 'character' | 'word' | 'line'): void {
    eraseInLine(what, {
      buffer: this.buffer,
      utf8: this.#takes('IUTF8'),
      showsControl: this.#has('ECHOCTL'),
      lineColumn: this.output.lineColumn,
      show: this.#has('ECHO') ? (bytes) => this.#showErased(what, bytes) : undefined,
    })
  }

  /** Without ECHOE the character itself is shown, and what it erased stays. */
  #showErased(what: 'character' | 'word' | 'line', bytes: readonly number[]): void {
    const erase = this.settings.characters[CHARACTER.VERASE] ?? NONE
    if (what === 'character' && !this.#has('ECHOE')) this.#show(erase)
    else for (const byte of bytes) this.#put(byte)
  }

  /** As a character: `^C` for one that cannot be seen. */
  #show(byte: number): void {
    if (!this.#has('ECHOCTL') || !isControl(byte) || byte === TAB) {
      this.#put(byte)
      return
    }
    this.echo.push(CARET, byte ^ CONTROL_BIT)
    this.output.column += 2
  }

  #put(byte: number): void {
    this.output.put(this.settings, byte, this.echo)
  }
}
