import { EngineError } from '../../contract/errors.ts'

/** `NAME=value`, as the engine's verbs take them. EngineError INVALID_ARGUMENT. */
export const entriesOf = (env: Readonly<Record<string, string>> = {}): readonly string[] =>
  Object.entries(env).map(([name, value]) => {
    if (name !== '' && !name.includes('=')) return `${name}=${value}`
    throw new EngineError(
      'INVALID_ARGUMENT',
      `invalid environment variable name ${JSON.stringify(name)}`,
    )
  })
