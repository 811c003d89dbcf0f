import { seededRandom } from '../../src/std/seeded-random.ts'

/** What a client knows of a container from the answers it got. */
export interface Known {
  readonly id: string
  name: string
  readonly label: string
  /** Begun again after a kill. */
  readonly restarts: boolean
  /** A start was answered. */
  ran: boolean
  /** What the last wait answered, if nothing was started after it. */
  exitCode: number | undefined
}

/** What was asked for and not answered when the daemon was killed: it may have happened or not. */
type Unanswered =
  | { readonly verb: 'create'; readonly name: string }
  | { readonly verb: 'rename'; readonly of: Known; readonly name: string }
  | { readonly verb: 'start' | 'wait' | 'stop' | 'remove'; readonly of: Known }

/** As much of an inspect as is looked at. */
export interface Inspected {
  readonly Id: string
  readonly Name: string
  readonly State: { readonly Status: string; readonly ExitCode: number; readonly Error: string }
  readonly Config: { readonly Labels: Readonly<Record<string, string>> }
}

/** A whole number below `bound`. */
export type Dice = (bound: number) => number

export function diceOf(seed: number): Dice {
  const fill = seededRandom(seed)
  const bytes = new Uint8Array(4)
  return (bound) => {
    fill(bytes)
    return new DataView(bytes.buffer).getUint32(0, true) % bound
  }
}

const DIED = /^the daemon died while it ran/
/** Containers of one lane at a time. */
const MOST = 6

type Rule = (known: Known, found: Inspected, open: Unanswered['verb'] | undefined) => boolean

/** What holds of a container after a crash; `open` is what was asked of it without an answer. */
const RULES: readonly (readonly [rule: string, holds: Rule])[] = [
  ['its name is the last one that was answered', (known, found) => found.Name === `/${known.name}`],
  ['its label is whole', (known, found) => found.Config.Labels['label'] === known.label],
  [
    'what was not started is created',
    ({ ran }, { State }, open) => ran || open === 'start' || State.Status === 'created',
  ],
  ['what was started is not created', ({ ran }, { State }) => !ran || State.Status !== 'created'],
  [
    'nothing is half-way',
    ({ restarts }, { State }) =>
      ['created', 'exited', ...(restarts ? ['running'] : [])].includes(State.Status),
  ],
  [
    'it ended as a wait was told',
    ({ exitCode, restarts }, { State }, open) =>
      exitCode === undefined ||
      open === 'start' ||
      // It has come back since.
      (restarts && exitCode !== 0) ||
      State.ExitCode === exitCode,
  ],
  [
    'an end by the crash says so',
    (_, { State }) => State.ExitCode !== 137 || State.Error === '' || DIED.test(State.Error),
  ],
]

/**
 * A client that makes one request after the other, at random, and remembers what was answered. Its
 * containers are its own, so that only its one open request is in doubt when the daemon is killed.
 */
export class CrashLane {
  readonly #prefix: string
  readonly #dice: Dice
  readonly #known: Known[] = []
  readonly #removed = new Set<string>()
  #names = 0
  #open: Unanswered | undefined
  /** The daemon's address, of the round that is. */
  base = ''

  constructor(prefix: string, dice: Dice) {
    this.#prefix = prefix
    this.#dice = dice
  }

  /** Requests until one is not answered any more. `sent` is called before each. */
  async run(sent: () => void): Promise<void> {
    for (;;) {
      const next = this.#next()
      this.#open = next
      sent()
      try {
        await this.#ask(next)
      } catch (error) {
        if (error instanceof TypeError) return
        throw error
      }
      this.#open = undefined
    }
  }

  #name(): string {
    this.#names += 1
    return `${this.#prefix}-${this.#names}`
  }

  #next(): Unanswered {
    const of = this.#known[this.#dice(Math.max(1, this.#known.length))]
    const verbs = ['create', 'start', 'start', 'wait', 'rename', 'stop', 'remove'] as const
    const verb = verbs[this.#dice(verbs.length)] ?? 'create'
    if (of === undefined || verb === 'create') {
      if (this.#known.length < MOST || of === undefined)
        return { verb: 'create', name: this.#name() }
      return { verb: 'remove', of }
    }
    if (verb === 'rename') return { verb, of, name: this.#name() }
    return { verb, of }
  }

  /** The answer's body, whole. A daemon that is gone is a TypeError, as `fetch` says it. */
  async #send(method: string, path: string, body?: object): Promise<string> {
    const headers = { 'Content-Type': 'application/json' }
    const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) }
    const response = await fetch(`${this.base}${path}`, { method, ...sent })
    const text = await response.text()
    if (response.status < 400) return text
    throw new Error(`${method} ${path} answered ${response.status} ${text}`)
  }

  async #ask(what: Unanswered): Promise<void> {
    switch (what.verb) {
      case 'create':
        return await this.#create(what.name)
      case 'rename':
        await this.#send('POST', `/containers/${what.of.id}/rename?name=${what.name}`)
        what.of.name = what.name
        return
      case 'start':
        what.of.exitCode = undefined
        await this.#send('POST', `/containers/${what.of.id}/start`)
        what.of.ran = true
        return
      case 'wait': {
        const answer = await this.#send('POST', `/containers/${what.of.id}/wait`)
        const { StatusCode } = JSON.parse(answer) as { StatusCode: number }
        if (what.of.ran) what.of.exitCode = StatusCode
        return
      }
      case 'stop':
        await this.#send('POST', `/containers/${what.of.id}/stop?t=0`)
        return
      case 'remove':
        await this.#send('DELETE', `/containers/${what.of.id}?force=1`)
        this.#forget(what.of)
    }
  }

  async #create(name: string): Promise<void> {
    const label = `label of ${name}`
    const restarts = this.#dice(4) === 0
    const answer = await this.#send('POST', `/containers/create?name=${name}`, {
      Image: 'hello-world',
      Labels: { label },
      HostConfig: { RestartPolicy: { Name: restarts ? 'on-failure' : 'no' } },
    })
    const { Id: id } = JSON.parse(answer) as { Id: string }
    this.#known.push({ id, name, label, restarts, ran: false, exitCode: undefined })
  }

  #forget(known: Known): void {
    this.#known.splice(this.#known.indexOf(known), 1)
    this.#removed.add(known.id)
  }

  /**
   * Compares what a daemon that was started again says with what was answered before, and takes over
   * how the open request has ended.
   *
   * @param all - every container of the daemon, by id.
   * @returns what is wrong, and the ids that are accounted for.
   */
  check(all: ReadonlyMap<string, Inspected>): {
    readonly wrong: readonly string[]
    readonly ids: readonly string[]
  } {
    const wrong: string[] = []
    for (const known of [...this.#known]) {
      const found = all.get(known.id)
      const open = this.#open !== undefined && 'of' in this.#open && this.#open.of === known
      if (found !== undefined) wrong.push(...this.#differences(known, found, open))
      else if (open && this.#open?.verb === 'remove') this.#forget(known)
      else wrong.push(`${known.name} ${known.id} was created and is lost`)
    }
    for (const id of this.#removed) if (all.has(id)) wrong.push(`${id} was removed and is back`)
    this.#adopt(all)
    this.#open = undefined
    return { wrong, ids: this.#known.map(({ id }) => id) }
  }

  /** A create without an answer may have made a container, and then a whole one. */
  #adopt(all: ReadonlyMap<string, Inspected>): void {
    if (this.#open?.verb !== 'create') return
    const { name } = this.#open
    const found = [...all.values()].find((one) => one.Name === `/${name}`)
    if (found === undefined) return
    const label = found.Config.Labels['label'] ?? ''
    this.#known.push({ id: found.Id, name, label, restarts: true, ran: false, exitCode: undefined })
  }

  #differences(known: Known, found: Inspected, open: boolean): readonly string[] {
    const verb = open ? this.#open?.verb : undefined
    const name = found.Name.slice(1)
    if (this.#open?.verb === 'rename' && open && name === this.#open.name) known.name = name
    const rules = RULES.filter(([, holds]) => !holds(known, found, verb))
    if (found.State.Status !== 'created') known.ran = true
    return rules.map(([rule]) => {
      const { Status, ExitCode, Error: text } = found.State
      const is = `it is ${name}, ${Status}, ${ExitCode} ${JSON.stringify(text)}`
      return `${known.name} ${known.id}: ${rule}; ${is}; open: ${verb ?? 'nothing'}`
    })
  }
}
