import { resolve } from 'node:path'
import { EngineError } from '../contract/errors.ts'
import type { Mount } from '../index.ts'

const invalid = (reason: string): EngineError => new EngineError('INVALID_MOUNT', reason)

/** `C:\data` and `c:/data`: the colon after a drive letter separates nothing. */
const DRIVE = /^[a-z]:[\\/]/i

/**
 * `-v HOST:CONTAINER[:ro|rw]`. A relative host path is taken from the working directory.
 *
 * @source docker-run(1), "--volume"
 */
export function parseVolumeFlag(text: string): Mount {
  const drive = DRIVE.test(text) ? text.slice(0, 2) : ''
  const [source = '', target = '', options, ...rest] = text.slice(drive.length).split(':')
  const known = options === undefined || options === 'ro' || options === 'rw'
  if (source === '' || target === '' || rest.length > 0 || !known) {
    throw invalid(`invalid volume ${JSON.stringify(text)}: HOST:CONTAINER[:ro|rw] is accepted`)
  }
  return {
    type: 'bind',
    source: resolve(`${drive}${source}`),
    target,
    readOnly: options === 'ro',
  }
}

const FIELD_OF: Readonly<
  Record<string, 'type' | 'source' | 'target' | 'readOnly' | 'size' | 'mode'>
> = {
  type: 'type',
  source: 'source',
  src: 'source',
  target: 'target',
  destination: 'target',
  dst: 'target',
  readonly: 'readOnly',
  ro: 'readOnly',
  'tmpfs-size': 'size',
  'tmpfs-mode': 'mode',
}

function fieldsOf(text: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const part of text.split(',')) {
    const at = part.indexOf('=')
    const key = (at === -1 ? part : part.slice(0, at)).trim().toLowerCase()
    const field = FIELD_OF[key]
    if (field === undefined) {
      const known = Object.keys(FIELD_OF).join(', ')
      throw invalid(`invalid mount option ${JSON.stringify(key)} in --mount: ${known} are accepted`)
    }
    fields.set(field, at === -1 ? 'true' : part.slice(at + 1))
  }
  return fields
}

function octalMode(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^[0-7]{1,4}$/.test(text)) {
    throw invalid(`invalid mode ${JSON.stringify(text)}: up to four octal digits are accepted`)
  }
  return Number.parseInt(text, 8)
}

const tmpfs = (
  target: string,
  readOnly: boolean,
  size: string | undefined,
  mode: string | undefined,
): Mount => {
  const bits = octalMode(mode)
  return {
    type: 'tmpfs',
    target,
    readOnly,
    ...(size !== undefined && { size }),
    ...(bits !== undefined && { mode: bits }),
  }
}

const yes = (text: string | undefined): boolean => text === 'true' || text === '1'

/** `--mount type=bind,source=…,target=…[,readonly]` and `type=tmpfs,target=…[,tmpfs-size=…]`. */
export function parseMountFlag(text: string): Mount {
  const fields = fieldsOf(text)
  const target = fields.get('target')
  const source = fields.get('source')
  if (target === undefined) throw invalid('invalid --mount: target is required')
  const readOnly = yes(fields.get('readOnly'))
  const type = fields.get('type') ?? 'volume'
  if (type === 'tmpfs') return tmpfs(target, readOnly, fields.get('size'), fields.get('mode'))
  if (type !== 'bind') {
    throw invalid(`invalid mount type ${JSON.stringify(type)}: bind and tmpfs are accepted`)
  }
  if (source === undefined) throw invalid('invalid --mount: a bind needs a source')
  return { type: 'bind', source: resolve(source), target, readOnly }
}

/** `--tmpfs PATH[:size=64m,mode=1777,ro]`. */
export function parseTmpfsFlag(text: string): Mount {
  const [target = '', options = ''] = text.split(':')
  const fields = new Map<string, string>()
  for (const option of options.split(',').filter((part) => part !== '')) {
    const [key = '', value = 'true'] = option.split('=')
    if (!['size', 'mode', 'ro', 'rw', 'noexec', 'nosuid', 'nodev'].includes(key)) {
      throw invalid(`invalid tmpfs option ${JSON.stringify(key)}: size, mode, ro, rw are accepted`)
    }
    fields.set(key, value)
  }
  return tmpfs(target, yes(fields.get('ro')), fields.get('size'), fields.get('mode'))
}
