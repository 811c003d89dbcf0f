/**
 * The labels that a br_table names. It arrives at each of them with the same paid, since no code fits on
 * its edges; and where two tables have a label in common, at all of both.
 */
export class LabelGroup {
  /** The group that this one became a part of. */
  #whole: LabelGroup | undefined
  #isUnpaid = false
  #credit: number | undefined

  get #root(): LabelGroup {
    let group: LabelGroup = this
    while (group.#whole !== undefined) {
      // Half of the way is spared to who asks next.
      group.#whole = group.#whole.#whole ?? group.#whole
      group = group.#whole
    }
    return group
  }

  /** This group, which has the labels of the other one as well from now on. */
  with(other: LabelGroup): LabelGroup {
    const [mine, its] = [this.#root, other.#root]
    if (mine === its) return mine
    mine.#isUnpaid ||= its.#isUnpaid
    its.#whole = mine
    return mine
  }

  /** At one of its labels nothing can be paid for already, so at none. */
  payNothing(): void {
    this.#root.#isUnpaid = true
  }

  /** What is paid already at each of its labels: `wanted` by who asks first. */
  credit(wanted: number): number {
    const root = this.#root
    root.#credit ??= root.#isUnpaid ? 0 : wanted
    return root.#credit
  }
}
