/** How a terminal treats what passes through it. Flags and positions have Linux's numbers. */
export interface Termios {
  /** c_iflag: `INPUT`. */
  readonly input: number
  /** c_oflag: `OUTPUT`. */
  readonly output: number
  /** c_cflag: a line that is none; kept for who asks. */
  readonly control: number
  /** c_lflag: `LOCAL`. */
  readonly local: number
  /** c_cc, 32 of them, by `CHARACTER`. 0: there is none. */
  readonly characters: Uint8Array
}

/** @source termios(3); Linux asm-generic/termbits.h */
export const INPUT = {
  ISTRIP: 0x20,
  INLCR: 0x40,
  IGNCR: 0x80,
  ICRNL: 0x100,
  IXON: 0x400,
  IXANY: 0x800,
  IUTF8: 0x4000,
} as const

export const OUTPUT = {
  OPOST: 0x1,
  ONLCR: 0x4,
  OCRNL: 0x8,
  ONOCR: 0x10,
  ONLRET: 0x20,
  XTABS: 0x1800,
} as const

export const LOCAL = {
  ISIG: 0x1,
  ICANON: 0x2,
  ECHO: 0x8,
  ECHOE: 0x10,
  ECHOK: 0x20,
  ECHONL: 0x40,
  NOFLSH: 0x80,
  TOSTOP: 0x100,
  ECHOCTL: 0x200,
  ECHOKE: 0x800,
  IEXTEN: 0x8000,
} as const

/** CS8, CREAD and B38400. */
const CONTROL = 0xbf

export const CHARACTERS = 32
export const CHARACTER = {
  VINTR: 0,
  VQUIT: 1,
  VERASE: 2,
  VKILL: 3,
  VEOF: 4,
  VTIME: 5,
  VMIN: 6,
  VSTART: 8,
  VSTOP: 9,
  VSUSP: 10,
  VEOL: 11,
  VREPRINT: 12,
  VWERASE: 14,
  VLNEXT: 15,
  VEOL2: 16,
} as const

/** ^C ^\ DEL ^U ^D, TIME 0, MIN 1, ^Q ^S ^Z, none, ^R, ^W, ^V. */
const KEYS: readonly (readonly [keyof typeof CHARACTER, number])[] = [
  ['VINTR', 0x03],
  ['VQUIT', 0x1c],
  ['VERASE', 0x7f],
  ['VKILL', 0x15],
  ['VEOF', 0x04],
  ['VMIN', 1],
  ['VSTART', 0x11],
  ['VSTOP', 0x13],
  ['VSUSP', 0x1a],
  ['VREPRINT', 0x12],
  ['VWERASE', 0x17],
  ['VLNEXT', 0x16],
]

function keys(): Uint8Array {
  const characters = new Uint8Array(CHARACTERS)
  for (const [name, value] of KEYS) characters[CHARACTER[name]] = value
  return characters
}

/** As a pseudo-terminal of Linux begins, and characters are UTF-8. */
export const SANE: Termios = {
  input: INPUT.ICRNL | INPUT.IXON | INPUT.IUTF8,
  output: OUTPUT.OPOST | OUTPUT.ONLCR,
  control: CONTROL,
  local:
    LOCAL.ISIG |
    LOCAL.ICANON |
    LOCAL.ECHO |
    LOCAL.ECHOE |
    LOCAL.ECHOK |
    LOCAL.ECHOCTL |
    LOCAL.ECHOKE |
    LOCAL.IEXTEN,
  characters: keys(),
}
