/**
 * Regular expressions of a client, which must not hold the loop: every expression is matched in one walk
 * over the text, with the set of places in the expression that may be reached (Thompson's way). There are
 * groups, `|`, `*`, `+`, `?`, `.`, classes, `^`, `$` and `\d`, `\w`, `\s`; no counts and no references.
 *
 * @source RE2's syntax, of which this is a part
 */
type State =
  | { readonly kind: 'one'; readonly fits: (letter: string) => boolean; readonly next: State }
  | { readonly kind: 'either'; readonly to: State[] }
  | { readonly kind: 'begin' | 'end'; readonly next: State }
  | { readonly kind: 'done' }

/** What leads to `next`. */
type Part = (next: State) => State

const MOST_LETTERS = 256
const MOST_DEPTH = 32
const ESCAPES: Readonly<Record<string, RegExp>> = {
  d: /[0-9]/,
  w: /[0-9A-Za-z_]/,
  s: /[\t\n\f\r ]/,
}

const one =
  (fits: (letter: string) => boolean): Part =>
  (next) => ({ kind: 'one', fits, next })

const NOTHING: Part = (next) => next
const behind = (parts: readonly Part[]): Part =>
  parts.reduceRight((rest, part) => (next) => part(rest(next)), NOTHING)

const QUANTIFIERS: Readonly<Record<string, (part: Part) => Part>> = {
  '*': (part) => (next) => {
    const loop: State = { kind: 'either', to: [] }
    loop.to.push(part(loop), next)
    return loop
  },
  '+': (part) => (next) => {
    const loop: State = { kind: 'either', to: [] }
    const first = part(loop)
    loop.to.push(first, next)
    return first
  },
  '?': (part) => (next) => ({ kind: 'either', to: [part(next), next] }),
}

class Unreadable extends Error {}

class Parser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): Part {
    const part = this.#alternatives(0)
    if (this.#at < this.#text.length) throw new Unreadable()
    return part
  }

  #take(): string {
    const letter = this.#text[this.#at]
    if (letter === undefined) throw new Unreadable()
    this.#at += 1
    return letter
  }

  #alternatives(depth: number): Part {
    if (depth > MOST_DEPTH) throw new Unreadable()
    const all = [this.#sequence(depth)]
    while (this.#text[this.#at] === '|') {
      this.#at += 1
      all.push(this.#sequence(depth))
    }
    return all.length === 1
      ? (all[0] ?? NOTHING)
      : (next) => ({ kind: 'either', to: all.map((part) => part(next)) })
  }

  #sequence(depth: number): Part {
    const parts: Part[] = []
    for (let next = this.#text[this.#at]; next !== undefined && next !== '|' && next !== ')'; ) {
      const part = this.#atom(depth)
      const quantifier = QUANTIFIERS[this.#text[this.#at] ?? '']
      if (quantifier !== undefined) this.#at += 1
      parts.push(quantifier === undefined ? part : quantifier(part))
      next = this.#text[this.#at]
    }
    return behind(parts)
  }

  #atom(depth: number): Part {
    const letter = this.#take()
    if (letter === '(') return this.#group(depth)
    if (letter === '[') return one(this.#class())
    if (letter === '\\') return one(this.#escaped())
    if (letter === '.') return one((other) => other !== '\n')
    if (letter === '^') return (next) => ({ kind: 'begin', next })
    if (letter === '$') return (next) => ({ kind: 'end', next })
    if ('*+?{'.includes(letter)) throw new Unreadable()
    return one((other) => other === letter)
  }

  #group(depth: number): Part {
    if (this.#text.startsWith('?:', this.#at)) this.#at += 2
    const part = this.#alternatives(depth + 1)
    if (this.#take() !== ')') throw new Unreadable()
    return part
  }

  #escaped(): (letter: string) => boolean {
    const letter = this.#take()
    const set = ESCAPES[letter]
    if (set !== undefined) return (other) => set.test(other)
    if (/[0-9A-Za-z]/.test(letter)) throw new Unreadable()
    return (other) => other === letter
  }

  #class(): (letter: string) => boolean {
    const negated = this.#text[this.#at] === '^'
    if (negated) this.#at += 1
    const sets: ((letter: string) => boolean)[] = []
    do sets.push(this.#range())
    while (this.#text[this.#at] !== ']')
    this.#at += 1
    return (letter) => sets.some((fits) => fits(letter)) !== negated
  }

  #range(): (letter: string) => boolean {
    const first = this.#take()
    if (first === '\\') return this.#escaped()
    if (this.#text[this.#at] !== '-' || this.#text[this.#at + 1] === ']') {
      return (letter) => letter === first
    }
    this.#at += 1
    const last = this.#take()
    if (last < first) throw new Unreadable()
    return (letter) => letter >= first && letter <= last
  }
}

/** Adds a place, and those that are reached from it without a letter. */
function reach(states: Set<State>, from: State, isBegin: boolean, isEnd: boolean): void {
  const open = [from]
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (states.has(state)) continue
    states.add(state)
    if (state.kind === 'either') open.push(...state.to)
    else if (state.kind === 'begin' && isBegin) open.push(state.next)
    else if (state.kind === 'end' && isEnd) open.push(state.next)
  }
}

const DONE: State = { kind: 'done' }

function found(first: State, text: string): boolean {
  let states = new Set<State>()
  for (let at = 0; at <= text.length; at += 1) {
    const isEnd = at === text.length
    reach(states, first, at === 0, isEnd)
    if (states.has(DONE)) return true
    const next = new Set<State>()
    for (const state of states) {
      if (state.kind !== 'one' || !state.fits(text[at] ?? '') || isEnd) continue
      reach(next, state.next, false, at + 1 === text.length)
    }
    states = next
  }
  return false
}

/** Whether a part of a text fits; undefined: it is no expression, or not one that is known here. */
export function patternOf(expression: string): ((text: string) => boolean) | undefined {
  if (expression.length > MOST_LETTERS) return undefined
  try {
    const first = new Parser(expression).whole()(DONE)
    return (text) => found(first, text)
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}
