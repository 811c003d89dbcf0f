import type { Command } from 'commander'
import { meteringReport } from '../host/metering-report.ts'
import { abortOnSignal } from './abort-on-signal.ts'
import { meteringText } from './metering.ts'
import { PullReport } from './pull-progress.ts'
import { table } from './table.ts'
import type { WithHost } from './with-host.ts'

const MB = 1_000_000
/** `sha256:` and the twelve digits that docker shows. */
const shortId = (id: string): string => id.replace(/^sha256:/, '').slice(0, 12)

const size = (bytes: number): string => `${(bytes / MB).toFixed(1)}MB`

interface InspectOptions {
  readonly metering?: boolean
  readonly json?: boolean
}

function meteringOf(files: readonly string[], asJson: boolean): string {
  const reports = files.map(meteringReport)
  if (asJson) return `${JSON.stringify(reports, undefined, 4)}\n`
  return reports.map(meteringText).join('\n')
}

export function addImageCommands(program: Command, withHost: WithHost): void {
  program
    .command('images')
    .description('List the images that are here, and those that can be pulled')
    .action(async () => {
      const [here, known] = await withHost(async (host) => [
        await host.images.list(),
        host.images.known(),
      ])
      const pulled = new Set(here.map((image) => image.name))
      const rows = [
        ...here.map((image) => [image.name, image.tag, shortId(image.id), size(image.size)]),
        ...known.filter((name) => !pulled.has(name)).map((name) => [name, '-', '-', 'not pulled']),
      ]
      process.stdout.write(table(['REPOSITORY', 'TAG', 'IMAGE ID', 'SIZE'], rows))
    })

  program
    .command('pull')
    .description('Download an image')
    .argument('<image>')
    .action(async (reference: string) => {
      const progress = new PullReport(process.stderr)
      const interrupted = abortOnSignal()
      const how = { onProgress: progress.report, signal: interrupted.signal }
      try {
        const image = await withHost((host) => host.images.pull(reference, how))
        process.stdout.write(`${image.name}:${image.tag}\n`)
      } catch (error) {
        process.exitCode = interrupted.exitCodeFor(error)
      } finally {
        progress.finish()
        interrupted.stop()
      }
    })

  program
    .command('rmi')
    .description('Remove images')
    .argument('<images...>')
    .action(async (references: string[]) => {
      await withHost(async (host) => {
        for (const reference of references) {
          const image = await host.images.remove(reference)
          process.stdout.write(`Untagged: ${image.name}:${image.tag}\nDeleted: ${image.id}\n`)
        }
      })
    })

  program
    .command('inspect')
    .description('Show everything known about images, as JSON, or how modules are metered')
    .argument('<images...>')
    .option('--metering', 'take the arguments as module files and show what metering makes of them')
    .option('--json', 'with --metering: as JSON')
    .action(async (references: string[], options: InspectOptions) => {
      if (options.metering === true) {
        process.stdout.write(meteringOf(references, options.json === true))
        return
      }
      const shapes = await withHost((host) =>
        Promise.all(references.map((reference) => host.images.inspect(reference))),
      )
      process.stdout.write(`${JSON.stringify(shapes, undefined, 4)}\n`)
    })
}
