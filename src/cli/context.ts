import { resolve } from 'node:path'
import type { Command } from 'commander'
import { EngineError } from '../contract/errors.ts'
import { addressOf, type Listen, parseListen } from '../host/listen.ts'
import { DockerContexts } from './docker-contexts.ts'

const DEFAULT_NAME = 'bulkhead'

/** Hosts that stand for every address of a machine: no client can be sent there. */
const ANY = new Set(['0.0.0.0', '::'])

/** Where a client finds a daemon that listens there. EngineError INVALID_ARGUMENT. */
function reached(listen: Listen | undefined): string {
  const vague = listen?.kind === 'tcp' && (listen.port === 0 || ANY.has(listen.host))
  if (listen === undefined || vague) {
    throw new EngineError(
      'INVALID_ARGUMENT',
      'the settings name no address for clients: give --host',
    )
  }
  return addressOf(listen.kind === 'unix' ? { ...listen, path: resolve(listen.path) } : listen)
}

async function hostOf(given: string | undefined): Promise<string> {
  if (given !== undefined) return reached(parseListen(given))
  const { readSettings } = await import('../host/read-settings.ts')
  return reached(readSettings({}, process.env).listen[0])
}

export function addContextCommands(program: Command): void {
  const context = program
    .command('context')
    .description('Contexts of the docker client: docker --context NAME …')
  context
    .command('create')
    .argument('[NAME]', 'name of the context', DEFAULT_NAME)
    .description('Let the docker client know a daemon by a name')
    .option('--host <ADDRESS>', 'of the daemon; unless given, where its settings say it listens')
    .option('--force', 'replace a context that bulkhead did not make')
    .action(async (name: string, flags: { host?: string; force?: boolean }) => {
      const host = await hostOf(flags.host)
      new DockerContexts(process.env).create(name, host, flags.force ?? false)
      process.stdout.write(`${name}\n`)
    })
  context
    .command('rm')
    .argument('[NAME]', 'name of the context', DEFAULT_NAME)
    .description('Forget a context that bulkhead made')
    .option('--force', 'also one that it did not make, or that docker uses now')
    .action((name: string, flags: { force?: boolean }) => {
      new DockerContexts(process.env).remove(name, flags.force ?? false)
      process.stdout.write(`${name}\n`)
    })
}
