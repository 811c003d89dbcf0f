import { EngineError } from '../../../contract/errors.ts'
import type { Containers } from '../../../engine/engine.ts'

/** Of a container that is being removed nothing is known. */
export async function sizeShape(
  containers: Pick<Containers, 'resolve' | 'size'>,
  id: string,
): Promise<{ readonly SizeRw?: number }> {
  try {
    return { SizeRw: await containers.size(containers.resolve(id)) }
  } catch (error) {
    if (error instanceof EngineError) return {}
    throw error
  }
}
