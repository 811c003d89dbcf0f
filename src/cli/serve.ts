import { resolve } from 'node:path'
import type { Command } from 'commander'
import { defaultDataDirectory } from '../host/data-directory.ts'
import { parseListen } from '../host/listen.ts'
import { createLogger } from '../host/logger.ts'

const DEFAULT_LISTEN = 'tcp://127.0.0.1:2375'

/** For the shell that reads what is printed these are comments. */
const TOKEN_HELP = `# This daemon asks for its token. docker sends it to every daemon it talks to, if the config.json in
# DOCKER_CONFIG (else in ~/.docker) has: { "HttpHeaders": { "Authorization": "Bearer TOKEN" } }
`

interface ServeFlags {
  readonly listen?: readonly string[]
  readonly dataDir?: string
  readonly tokenFile?: string
}

const collect = (value: string, all: readonly string[] | undefined): readonly string[] => [
  ...(all ?? []),
  value,
]

const untilSignalled = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, resolve)
  })

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('Run a daemon that docker and its client libraries talk to')
    .option(
      '--listen <ADDRESS>',
      `tcp://HOST:PORT or unix://PATH (default ${DEFAULT_LISTEN})`,
      collect,
    )
    .option('--data-dir <DIR>', 'where images and containers are kept, for one daemon at a time')
    .option('--token-file <FILE>', 'what clients must know; needed to listen beyond loopback')
    .action(async (flags: ServeFlags) => {
      // Only here: a run through the command needs no HTTP and no database, whose loading would cost
      // it more than the run itself.
      const { startDaemon } = await import('../host/daemon.ts')
      const { readToken } = await import('../host/token-file.ts')
      const logger = createLogger()
      const listen = (flags.listen ?? [DEFAULT_LISTEN]).map(parseListen)
      const dataDirectory = resolve(flags.dataDir ?? defaultDataDirectory())
      const token = flags.tokenFile === undefined ? undefined : readToken(flags.tokenFile)
      // Before anybody can know that there is a daemon to be stopped.
      const signalled = untilSignalled()
      const daemon = await startDaemon({ listen, dataDirectory, token, logger })
      for (const address of daemon.addresses) {
        process.stdout.write(`export DOCKER_HOST=${address}\n`)
      }
      if (token !== undefined) process.stdout.write(TOKEN_HELP)
      logger.info('listening', { addresses: daemon.addresses })
      logger.info('stopping', { signal: await signalled })
      await daemon.close()
    })
}
