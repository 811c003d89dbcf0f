import { GuestCalls } from './guest-calls.ts'
import { KeptRoots } from './kept-roots.ts'
import { SpareMemory } from './spare-memory.ts'

/** What a thread keeps from one guest for the next. Nothing of it can a guest see or change. */
export class KeptForNext {
  readonly memory = new SpareMemory()
  readonly calls = new GuestCalls()
  readonly roots = new KeptRoots()
}
