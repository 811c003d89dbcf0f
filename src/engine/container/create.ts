import { EngineError } from '../../contract/errors.ts'
import type { GuestSpec } from '../../contract/guest-spec.ts'
import { type ContainerId, shortId } from '../../contract/ids.ts'
import { signalOf } from '../../contract/signals.ts'
import { argvOf } from './argv.ts'
import { Container } from './container.ts'
import type { ContainerRecord } from './container-record.ts'
import { type ContainerSpec, DEFAULT_LOG, type LogOptions } from './container-spec.ts'
import { announce, type ContainerParts } from './containers.ts'
import { guestSpecOf } from './guest-spec-of.ts'
import { randomName } from './random-name.ts'
import type { ImageConfig } from './root-source.ts'
import type { Mount } from './run-spec.ts'

/** What holds where the caller says nothing. */
const CHOICES = {
  env: [] as readonly string[],
  labels: {},
  tty: false,
  attachStdin: false,
  attachStdout: true,
  attachStderr: true,
  openStdin: false,
  stdinOnce: false,
  stopSignal: '',
  restartPolicy: { name: 'no', maximumRetryCount: 0 },
  autoRemove: false,
  networkMode: 'bridge',
  init: false,
  limits: {},
} as const satisfies Partial<ContainerSpec>

type Choices = Pick<ContainerSpec, keyof typeof CHOICES>

/** What a caller may say of a new container. What is absent comes from the image or is Docker's. */
export interface CreateRequest extends Partial<Choices> {
  /** One is made up where there is none. */
  readonly name?: string
  readonly image: string
  /** `[]` and `['']` clear the image's. */
  readonly entrypoint?: readonly string[]
  readonly cmd?: readonly string[]
  readonly workingDir?: string
  readonly user?: string
  readonly hostname?: string
  readonly domainname?: string
  /** Seconds. */
  readonly stopTimeout?: number
  readonly readOnlyRoot?: boolean
  readonly mounts?: readonly Mount[]
  readonly log?: Partial<LogOptions>
}

/** @source moby daemon/names, RestrictedNameChars: two characters at least */
const NAME = /^\/?[a-zA-Z0-9][a-zA-Z0-9_.-]+$/

const invalid = (reason: string): EngineError => new EngineError('INVALID_ARGUMENT', reason)

/** A name without its slash. EngineError INVALID_ARGUMENT. */
export function checkedName(name: string): string {
  if (NAME.test(name)) return name.replace(/^\//, '')
  throw invalid(`Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`)
}

const nameOf = (entry: string): string => entry.split('=', 1)[0] ?? ''

/** The caller's variables, then the image's whose names are new. A name alone takes one away. */
function mergedEnv(own: readonly string[], image: readonly string[]): readonly string[] {
  for (const entry of own) {
    if (nameOf(entry) === '') throw invalid(`invalid environment variable: ${entry}`)
  }
  const names = new Set(own.map(nameOf))
  const kept = own.filter((entry) => entry.includes('='))
  return [...kept, ...image.filter((entry) => !names.has(nameOf(entry)))]
}

/** Of several entries for one name the last counts. */
const variablesOf = (env: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(env.map((entry) => [nameOf(entry), entry.slice(nameOf(entry).length + 1)]))

function guestOf(
  request: CreateRequest,
  config: ImageConfig,
  env: readonly string[],
  argv: readonly string[],
  id: ContainerId,
): GuestSpec {
  const { workingDir, user, hostname, domainname } = request
  return guestSpecOf(
    {
      env: variablesOf(env),
      limits: request.limits ?? {},
      mounts: request.mounts ?? [],
      readOnly: request.readOnlyRoot ?? false,
      ...(workingDir && { cwd: workingDir }),
      ...(user && { user }),
      ...(hostname && { hostname }),
      ...(domainname && { domainname }),
    },
    {
      argv,
      environment: request.tty === true ? ['TERM=xterm'] : [],
      workingDirectory: config.WorkingDir || '/',
      user: config.User,
      hostname: shortId(id),
    },
  )
}

/** Nothing of the request but the choices goes into a record. */
function choicesOf(request: CreateRequest): Choices {
  const keys = Object.keys(CHOICES) as readonly (keyof Choices)[]
  // A key of CHOICES each, with its value of that type.
  return Object.fromEntries(keys.map((key) => [key, request[key] ?? CHOICES[key]])) as never
}

function specOf(
  request: CreateRequest,
  id: ContainerId,
  image: { readonly id: string; readonly config: ImageConfig },
): ContainerSpec {
  const chosen = choicesOf(request)
  if (chosen.stopSignal !== '') signalOf(chosen.stopSignal)
  if (chosen.autoRemove && chosen.restartPolicy.name !== 'no') {
    throw invalid("can't create 'AutoRemove' container with restart policy")
  }
  const env = mergedEnv(chosen.env, image.config.Env)
  const { argv, entrypoint, cmd } = argvOf(request, image.config)
  return {
    ...chosen,
    labels: { ...image.config.Labels, ...chosen.labels },
    image: request.image,
    imageId: image.id,
    entrypoint,
    cmd,
    env,
    stopTimeout: request.stopTimeout,
    log: { ...DEFAULT_LOG, ...request.log },
    guest: guestOf(request, image.config, env, argv, id),
  }
}

/**
 * Makes a container that has not run yet.
 *
 * @returns its id.
 * @throws EngineError `INVALID_ARGUMENT` | `INVALID_LIMIT` | `INVALID_MOUNT` | `NO_SUCH_IMAGE` |
 *   `NAME_IN_USE`.
 * @source the order of the checks: engine API reference, 6.1
 */
export const create =
  (parts: ContainerParts) =>
  async (request: CreateRequest): Promise<ContainerId> => {
    const wanted = request.name ? checkedName(request.name) : undefined
    const { id: imageId, root } = await parts.image(request.image)
    const id = parts.newId()
    const spec = specOf(request, id, { id: imageId, config: root.config })
    const name = wanted ?? randomName(parts.random, (taken) => parts.all.hasName(taken))
    parts.all.reserve(name, id)
    const state = { status: 'created', last: undefined } as const
    const created = parts.now()
    const record: ContainerRecord = {
      id,
      name,
      created,
      spec,
      state,
      restartCount: 0,
      stoppedByHand: false,
    }
    try {
      await parts.store.put(record)
    } catch (error) {
      parts.all.release(name)
      throw error
    }
    parts.all.add(new Container(record, parts.logOf(record)))
    announce(parts, record, 'create')
    return id
  }
