/** What the callers of a function know of it. */
export interface Callee {
  /**
   * The most units it runs to its first look, where it is short, throws nothing and calls only others
   * of its kind: its callers count them as theirs. Undefined: it looks when it is entered.
   */
  readonly gap: number | undefined
  /** Units of it that its callers pay: what is certain to be paid when it is entered. */
  readonly prepaid: number
  /** They pay all of it, since all ways through it cost the same: it passes no fuel and keeps its type. */
  readonly isFree: boolean
}

/** A function that nobody knows anything of, or that is called in other ways than by its name. */
export const PAYS_ITSELF: Callee = { gap: undefined, prepaid: 0, isFree: false }

/** What is known of the functions of a module. */
export class KnownCallees {
  /** Of a function, by its index. */
  readonly at: (index: number) => Callee
  readonly #imported: number
  readonly #throws: boolean

  /**
   * @param imported - so many functions are imports, of which nothing is known.
   * @param throws - exceptions may come out of functions.
   */
  constructor(at: (index: number) => Callee, imported: number, throws: boolean) {
    this.at = at
    this.#imported = imported
    this.#throws = throws
  }

  isImport(index: number): boolean {
    return index < this.#imported
  }

  /** A leaf throws nothing. */
  mayThrow({ gap }: Callee): boolean {
    return this.#throws && gap === undefined
  }
}
