import { EngineError } from '../../contract/errors.ts'

export interface Reference {
  readonly name: string
  readonly tag: string
}

/** Path components of letters, digits and single separators; a tag of up to 128. */
const REFERENCE =
  /^([a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)(?::([\w][\w.-]{0,127}))?$/

/**
 * `name[:tag]`; the tag is `latest` unless given.
 *
 * @throws EngineError `INVALID_ARGUMENT`, in Docker's words.
 * @source distribution reference grammar
 */
export function parseReference(text: string): Reference {
  const match = REFERENCE.exec(text)
  const name = match?.[1]
  if (name === undefined) throw new EngineError('INVALID_ARGUMENT', 'invalid reference format')
  return { name, tag: match?.[2] ?? 'latest' }
}
