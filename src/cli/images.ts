import type { Command } from 'commander'
import { abortOnSignal } from './abort-on-signal.ts'
import { PullReport } from './pull-progress.ts'
import { table } from './table.ts'
import type { WithHost } from './with-host.ts'

const MB = 1_000_000
/** `sha256:` and the twelve digits that docker shows. */
const shortId = (id: string): string => id.replace(/^sha256:/, '').slice(0, 12)

const size = (bytes: number): string => `${(bytes / MB).toFixed(1)}MB`

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
}
