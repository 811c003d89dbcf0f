import { afterEach } from 'vitest'
import type { CellProcess } from '../../src/contract/cell.ts'

/** Where a suite puts the containers that it starts: a test that fails leaves nothing to the next. */
export function leadersOfSuite(): CellProcess[] {
  const leaders: CellProcess[] = []
  afterEach(async () => {
    for (const leader of leaders.splice(0)) {
      leader.kill('killed')
      await leader.ended
    }
  })
  return leaders
}
