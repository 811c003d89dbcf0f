import { Command, CommanderError } from 'commander'
import { createHost } from '../host/create-host.ts'
import { version } from '../host/version.ts'
import { addContextCommands } from './context.ts'
import { addDoctorCommand } from './doctor.ts'
import { exitCodeOf, messageOf } from './exit-code.ts'
import { addImageCommands } from './images.ts'
import { addInspectCommand } from './inspect.ts'
import { addRunCommand } from './run.ts'
import { addServeCommand } from './serve.ts'
import { addVersionCommand } from './version.ts'
import type { WithHost } from './with-host.ts'

const withHost: WithHost = async (action, onPull) => {
  await using host = await createHost(onPull === undefined ? {} : { onPull })
  return await action(host)
}

function programOf(): Command {
  const program = new Command('bulkhead')
    .description("Runs WebAssembly programs in isolated containers, under Docker's own concepts")
    .version(version(), '-V, --version', 'print the version')
    .enablePositionalOptions()
    .exitOverride()
  addRunCommand(program, withHost)
  addImageCommands(program, withHost)
  addInspectCommand(program, withHost)
  addServeCommand(program)
  addContextCommands(program)
  addVersionCommand(program)
  addDoctorCommand(program, withHost)
  return program
}

try {
  await programOf().parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 125
  } else {
    process.stderr.write(`${messageOf(error)}\n`)
    process.exitCode = exitCodeOf(error)
  }
}
