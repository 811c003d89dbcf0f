import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { EngineError } from '../contract/errors.ts'

/** @source docker/cli: cli/context/store; its directory of a context is named by the name's hash */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$/
/** docker's own, which is not in a file. */
const RESERVED = 'default'
/** A further field of the metadata, which docker keeps: how we know what is ours. */
const MAKER = { CreatedBy: 'bulkhead' } as const
const OWNER_ONLY = { file: 0o600, directory: 0o700 } as const

const invalid = (text: string): EngineError => new EngineError('INVALID_ARGUMENT', text)

/** Any JSON, of which only objects have something at a key. */
const at = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** The contexts of the docker client, in its own files. */
export class DockerContexts {
  readonly #directory: string

  constructor(environment: Readonly<NodeJS.ProcessEnv>) {
    this.#directory = environment['DOCKER_CONFIG'] || join(homedir(), '.docker')
  }

  /** The kinds of files that a context may have. */
  #place(kind: 'meta' | 'tls', name: string): string {
    const id = createHash('sha256').update(name).digest('hex')
    return join(this.#directory, 'contexts', kind, id)
  }

  #isThere(name: string): boolean {
    return statSync(this.#place('meta', name), { throwIfNoEntry: false }) !== undefined
  }

  #mustBeOurs(name: string, force: boolean): void {
    if (force || !this.#isThere(name)) return
    const metadata = at(jsonOf(join(this.#place('meta', name), 'meta.json')), 'Metadata')
    if (at(metadata, 'CreatedBy') === MAKER.CreatedBy) return
    throw invalid(`the docker context "${name}" was not made by bulkhead: --force takes it anyway`)
  }

  /**
   * Makes a context, in place of one of the same name that is ours.
   *
   * @param host - as DOCKER_HOST wants it.
   * @param force - in place of any.
   * @throws EngineError `INVALID_ARGUMENT`.
   */
  create(name: string, host: string, force: boolean): void {
    if (!NAME.test(name) || name === RESERVED) {
      throw invalid(
        `invalid context name ${JSON.stringify(name)}: two or more of a-z A-Z 0-9 _ . + - are ` +
          `accepted, a letter or digit first, and not "${RESERVED}"`,
      )
    }
    this.#mustBeOurs(name, force)
    const place = this.#place('meta', name)
    mkdirSync(place, { recursive: true, mode: OWNER_ONLY.directory })
    const meta = {
      Name: name,
      Metadata: { Description: 'bulkhead', ...MAKER },
      Endpoints: { docker: { Host: host, SkipTLSVerify: false } },
    }
    // docker reads whole files only.
    const temporary = join(place, `.${process.pid}.tmp`)
    writeFileSync(temporary, JSON.stringify(meta), { mode: OWNER_ONLY.file })
    renameSync(temporary, join(place, 'meta.json'))
  }

  /**
   * @param force - also one that is not ours, or that docker uses now.
   * @throws EngineError `INVALID_ARGUMENT`.
   */
  remove(name: string, force: boolean): void {
    if (!this.#isThere(name)) throw invalid(`there is no docker context ${JSON.stringify(name)}`)
    this.#mustBeOurs(name, force)
    const current = at(jsonOf(join(this.#directory, 'config.json')), 'currentContext')
    if (current === name && !force) {
      throw invalid(
        `docker uses the context "${name}" now: docker context use ${RESERVED}, or --force`,
      )
    }
    for (const kind of ['meta', 'tls'] as const) {
      rmSync(this.#place(kind, name), { recursive: true, force: true })
    }
  }
}
