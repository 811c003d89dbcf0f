import { EngineError } from '../../contract/errors.ts'

export interface Reference {
  readonly name: string
  readonly tag: string
}

/** The registry, with a port perhaps: `localhost:5000/`. */
const DOMAIN = /(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d+)?\/)?/
/** Components of letters, digits and single separators. */
const PATH = /[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*/
/** A name and a tag of up to 128. */
const REFERENCE = new RegExp(`^(${DOMAIN.source}${PATH.source})(?::([\\w][\\w.-]{0,127}))?$`)
const LONGEST_NAME = 255

const invalid = (why: string): EngineError =>
  new EngineError('INVALID_ARGUMENT', `invalid reference format${why}`)

/** Why it is none. @source distribution reference, ParseNormalizedNamed */
function faultOf(text: string): EngineError {
  const name = REFERENCE.exec(text.toLowerCase())?.[1]
  if (name === undefined || text.toLowerCase() === text) return invalid('')
  const full = name.includes('/') ? '' : 'library/'
  return invalid(`: repository name (${full}${text.slice(0, name.length)}) must be lowercase`)
}

/**
 * `name[:tag]`; the tag is `latest` unless given.
 *
 * @throws EngineError `INVALID_ARGUMENT`, in Docker's words.
 * @source distribution reference grammar
 */
export function parseReference(text: string): Reference {
  const match = REFERENCE.exec(text)
  const name = match?.[1]
  if (name === undefined) throw faultOf(text)
  if (name.length > LONGEST_NAME) {
    throw invalid(`: repository name must not be more than ${LONGEST_NAME} characters`)
  }
  return { name, tag: match?.[2] ?? 'latest' }
}
