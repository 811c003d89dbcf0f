import type { Command } from 'commander'
import { versions } from '../host/version.ts'

export function addVersionCommand(program: Command): void {
  program
    .command('version')
    .description('Print the versions of everything a run depends on')
    .action(() => {
      for (const [name, value] of Object.entries(versions())) {
        process.stdout.write(`${`${name}:`.padEnd(16)}${value}\n`)
      }
    })
}
