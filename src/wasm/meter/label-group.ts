/** Units that all ways of a br_table pay in advance; who then runs fewer gets the rest back. */
const MOST = 1_000

/** What it asks of a label. */
interface Label {
  readonly kind: string
  readonly depth: number
  readonly loop: { readonly depth: number } | undefined
  readonly caught: boolean
  readonly rest: number
  group: LabelGroup | undefined
}

const depthOfLoop = ({ loop }: Label): number => loop?.depth ?? -1

/** Of two labels the one in the inner loop; in one loop, the outer label: there the arms of a switch meet. */
function busier(one: Label, two: Label): Label {
  const inner = depthOfLoop(one) - depthOfLoop(two)
  if (inner !== 0) return inner > 0 ? one : two
  return one.depth <= two.depth ? one : two
}

/**
 * The labels that a br_table names, and those of all tables that have a label in common. No code fits on
 * the edges of a table. So it arrives at each label with what is left from there on paid, up to a level
 * that all its ways cost (even-ways.ts); more than that, or less, is paid for at all labels alike: as
 * much as the label wants that control comes to most often, as far as one can see.
 */
export class LabelGroup {
  /** The group that this one became a part of. */
  #whole: LabelGroup | undefined
  #busiest: Label
  #isUnpaid: boolean
  #lowest = Number.POSITIVE_INFINITY
  #level: number | undefined
  /** Units paid at each label besides what is left there. */
  #more: number | undefined
  #wasAsked = false

  constructor(label: Label) {
    this.#busiest = label
    this.#isUnpaid = label.caught || label.kind === 'loop' || label.kind === 'function'
  }

  /** The group that this one is, or has become a part of. */
  get #root(): LabelGroup {
    let group: LabelGroup = this
    while (group.#whole !== undefined) {
      // Half of the way is spared to who asks next.
      group.#whole = group.#whole.#whole ?? group.#whole
      group = group.#whole
    }
    return group
  }

  /** At one of its labels nothing can be paid for already, so at none. */
  get isUnpaid(): boolean {
    return this.#root.#isUnpaid
  }

  /** Units that each way of its tables costs, if it is not longer; undefined until it is settled. */
  get level(): number | undefined {
    return this.#root.#level
  }

  /** Takes the level that one of its tables would have alone, and returns it. */
  suggest(level: number): number {
    const whole = this.#root
    whole.#lowest = Math.min(whole.#lowest, level)
    return level
  }

  /** All its tables have been asked: the lowest level is that of all. */
  settle(): void {
    const whole = this.#root
    whole.#level = whole.#lowest
  }

  /** Makes one of two groups. */
  join(other: LabelGroup): void {
    const [one, two] = [this.#root, other.#root]
    if (one === two) return
    two.#whole = one
    one.#busiest = busier(one.#busiest, two.#busiest)
    one.#isUnpaid ||= two.#isUnpaid
  }

  payNothing(): void {
    this.#root.#isUnpaid = true
  }

  /**
   * What is paid already at one of its labels.
   *
   * @param wanted - units ahead of it
   */
  creditAt(label: Label, wanted: number): number {
    const whole = this.#root
    if (whole.#isUnpaid) return 0
    if (label === whole.#busiest) whole.#more ??= Math.min(wanted, MOST) - label.rest
    if (whole.#more === undefined) whole.#wasAsked = true
    return label.rest + (whole.#more ?? 0)
  }

  /** Whether a label was told what is paid there before it was known. */
  get wasAskedTooSoon(): boolean {
    const whole = this.#root
    return whole.#wasAsked && whole.#more !== 0
  }
}

/** Makes labels that a br_table names one group. */
export function shareCredit(labels: Iterable<Label>): LabelGroup | undefined {
  let group: LabelGroup | undefined
  for (const label of labels) {
    label.group ??= new LabelGroup(label)
    group ??= label.group
    group.join(label.group)
  }
  return group
}
