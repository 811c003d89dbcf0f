import type { TreeChange } from '../../../contract/tree.ts'
import type { Containers } from '../../../engine/engine.ts'
import type { Handler } from '../context.ts'
import { json } from '../json.ts'
import { referenceOf } from './verbs.ts'

/** @source Docker Engine API, ChangeType */
const KIND = { modified: 0, added: 1, deleted: 2 } as const satisfies Record<
  TreeChange['kind'],
  number
>

/** 200, 404. */
export const containerChanges =
  (containers: Pick<Containers, 'resolve' | 'diff'>): Handler =>
  async (c) => {
    const changes = await containers.diff(containers.resolve(referenceOf(c)))
    if (changes.length === 0) return json(null)
    return json(changes.map(({ path, kind }) => ({ Path: path, Kind: KIND[kind] })))
  }
