/** Does `work` for every item, at most `lanes` at a time. The first failure ends it, once all that began has ended. */
export async function inLanes(items, lanes, work) {
  const queue = [...items]
  const failures = []
  const lane = async () => {
    while (queue.length > 0 && failures.length === 0) {
      try {
        await work(queue.shift())
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  if (failures.length > 0) throw failures[0]
}
