import { EngineError } from '../../contract/errors.ts'
import type { Container } from './container.ts'
import { announce, type ContainerParts, change } from './containers.ts'
import { checkedName } from './create.ts'

function reserve({ all }: ContainerParts, name: string, id: string): void {
  try {
    all.reserve(name, id)
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    throw new EngineError(error.code, `Error when allocating new name: ${error.message}`)
  }
}

/**
 * Gives a container another name.
 *
 * @throws EngineError `INVALID_ARGUMENT` | `NAME_IN_USE`.
 * @source engine API reference, 15
 */
export const rename =
  (parts: ContainerParts) =>
  (container: Container, newName: string): Promise<void> =>
    container.turn.run(async () => {
      const invalid = (text: string): EngineError => new EngineError('INVALID_ARGUMENT', text)
      if (newName === '') throw invalid('Neither old nor new names may be empty')
      const name = checkedName(newName)
      const old = container.record.name
      if (name === old) throw invalid('Renaming a container with the same name as its current name')
      reserve(parts, name, container.id)
      try {
        await change(parts, container, { name })
      } catch (error) {
        parts.all.release(name)
        throw error
      }
      parts.all.release(old)
      announce(parts, container.record, 'rename', { oldName: `/${old}` })
    })
