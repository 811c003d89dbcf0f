import type { Command } from 'commander'
import { meteringReport } from '../host/metering-report.ts'
import { meteringText } from './metering.ts'
import type { WithHost } from './with-host.ts'

interface InspectOptions {
  readonly metering?: boolean
  readonly json?: boolean
}

function meteringOf(files: readonly string[], asJson: boolean): string {
  const reports = files.map(meteringReport)
  if (asJson) return `${JSON.stringify(reports, undefined, 4)}\n`
  return reports.map(meteringText).join('\n')
}

export function addInspectCommand(program: Command, withHost: WithHost): void {
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
