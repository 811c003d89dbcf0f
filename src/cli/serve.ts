import { type Command, Option } from 'commander'
import { createLogger } from '../host/logger.ts'
import { CONFIG_FILE, SETTINGS, type Setting } from '../host/settings.ts'

/** For the shell that reads what is printed these are comments. */
const TOKEN_HELP = `# This daemon asks for its token. docker sends it to every daemon it talks to, if the config.json in
# DOCKER_CONFIG (else in ~/.docker) has: { "HttpHeaders": { "Authorization": "Bearer TOKEN" } }
`

const PRECEDENCE = `
Each setting is taken from its flag, else from the environment, else from the file of --config, which
has them by the names in quotes.`

const collect = (value: string, all: readonly string[] | undefined): readonly string[] => [
  ...(all ?? []),
  value,
]

function optionOf(key: string | undefined, { flag, variable, about, many }: Setting): Option {
  const where = key === undefined ? variable : `${variable}, "${key}"`
  const option = new Option(flag, `${about} [${where}]`)
  return many === undefined ? option : option.argParser(collect)
}

const untilSignalled = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, resolve)
  })

async function serve(flags: Readonly<Record<string, unknown>>): Promise<void> {
  // Only here: a run through the command needs no HTTP and no database, whose loading would cost
  // it more than the run itself.
  const { readSettings } = await import('../host/read-settings.ts')
  const { startDaemon } = await import('../host/daemon.ts')
  const { readToken } = await import('../host/token-file.ts')
  const { listen, dataDir, tokenFile, slots } = readSettings(flags, process.env)
  const token = tokenFile === undefined ? undefined : readToken(tokenFile)
  const logger = createLogger()
  // Before anybody can know that there is a daemon to be stopped.
  const signalled = untilSignalled()
  const daemon = await startDaemon({ listen, dataDirectory: dataDir, token, slots, logger })
  for (const address of daemon.addresses) {
    process.stdout.write(`export DOCKER_HOST=${address}\n`)
  }
  if (token !== undefined) process.stdout.write(TOKEN_HELP)
  logger.info('listening', { addresses: daemon.addresses })
  logger.info('stopping', { signal: await signalled })
  await daemon.close()
}

export function addServeCommand(program: Command): void {
  const command = program
    .command('serve')
    .description('Run a daemon that docker and its client libraries talk to')
    .addHelpText('after', PRECEDENCE)
  for (const [key, setting] of Object.entries(SETTINGS)) command.addOption(optionOf(key, setting))
  command.addOption(optionOf(undefined, CONFIG_FILE))
  command.action(serve)
}
