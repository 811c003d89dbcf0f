import { variableName } from '../../engine/container/guest-spec-of.ts'

/** `NAME=value`, as the engine's verbs take them. EngineError INVALID_ARGUMENT. */
export const entriesOf = (env: Readonly<Record<string, string>> = {}): readonly string[] =>
  Object.entries(env).map(([name, value]) => `${variableName(name)}=${value}`)
