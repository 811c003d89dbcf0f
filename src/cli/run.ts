import { statSync } from 'node:fs'
import type { Command } from 'commander'
import { signalOf } from '../contract/signals.ts'
import type { RunSpec } from '../index.ts'
import { abortOnSignal } from './abort-on-signal.ts'
import { environmentOf } from './environment-flags.ts'
import { type HostTerminal, hostTerminal } from './host-terminal.ts'
import { limitsFrom } from './limit-flags.ts'
import { PullReport } from './pull-progress.ts'
import { addRunFlags, determinismFrom, labelsFrom, mountsFrom, type RunFlags } from './run-flags.ts'
import { passTo } from './standard-streams.ts'
import { usageLines } from './usage.ts'
import type { WithHost } from './with-host.ts'

/** A path, as a shell user writes one: an image's name has neither of these. */
const LOOKS_LIKE_A_PATH = /^[./~]|[\\]|\.wasm$|^[a-z]:/i

type Target = Pick<RunSpec, 'image' | 'module' | 'rootfs'>

/** What `IMAGE|FILE.wasm|DIRECTORY` names. */
function targetOf(name: string, rootfs: string | undefined): Target {
  if (!LOOKS_LIKE_A_PATH.test(name)) return { image: name }
  const found = statSync(name, { throwIfNoEntry: false })
  if (found?.isDirectory()) return { rootfs: name }
  return { module: name, ...(rootfs !== undefined && { rootfs }) }
}

const given = <T extends object>(part: T | undefined | false): T | Record<string, never> =>
  part || {}

function specOf(
  name: string,
  args: readonly string[],
  flags: RunFlags,
  terminal: HostTerminal | undefined,
): RunSpec {
  if (flags.stopSignal !== undefined) signalOf(flags.stopSignal)
  const deterministic = determinismFrom(flags)
  return {
    ...targetOf(name, flags.rootfs),
    ...given(args.length > 0 && { cmd: args }),
    ...given(flags.entrypoint !== undefined && { entrypoint: [flags.entrypoint] }),
    env: environmentOf(flags.envFile, flags.env, process.env),
    mounts: mountsFrom(flags),
    limits: limitsFrom(flags),
    labels: labelsFrom(flags),
    readOnly: flags.readOnly ?? false,
    ...given(flags.workdir !== undefined && { cwd: flags.workdir }),
    ...given(flags.user !== undefined && { user: flags.user }),
    ...given(flags.hostname !== undefined && { hostname: flags.hostname }),
    ...given(flags.domainname !== undefined && { domainname: flags.domainname }),
    ...given(flags.name !== undefined && { name: flags.name }),
    ...given(deterministic && { deterministic }),
    ...given(flags.interactive === true && { stdin: process.stdin }),
    init: flags.init ?? false,
    ...given(terminal && { terminal: terminal.size, onTerminal: terminal.lend }),
    stdout: passTo(process.stdout),
    stderr: passTo(process.stderr),
  }
}

/** @source docker run's words */
const notHere = (image: string): string => `Unable to find image '${image}:latest' locally\n`

export function addRunCommand(program: Command, withHost: WithHost): void {
  const command = program
    .command('run')
    .description('Run a command in a new container')
    .argument('<image>', 'an image, a .wasm file, or a directory to use as root')
    .argument('[args...]', 'arguments for the program')
    .passThroughOptions()
  addRunFlags(command).action(async (name: string, args: string[], flags: RunFlags) => {
    const terminal =
      flags.tty === true ? hostTerminal(process, flags.interactive === true) : undefined
    const interrupted = abortOnSignal()
    const progress = new PullReport(process.stderr, notHere)
    try {
      const spec = specOf(name, args, flags, terminal)
      process.exitCode = await withHost(async (host) => {
        const result = await host.run({ ...spec, signal: interrupted.signal })
        // What is said of it is for the terminal as it was before.
        terminal?.restore()
        if (result.message !== undefined) process.stderr.write(`bulkhead: ${result.message}\n`)
        if (flags.usage === true) process.stderr.write(usageLines(result))
        return result.exitCode
      }, progress.report)
    } catch (error) {
      process.exitCode = interrupted.exitCodeFor(error)
    } finally {
      terminal?.restore()
      // A terminal that stays open must not keep this process.
      if (flags.interactive === true) process.stdin.destroy()
      progress.finish()
      interrupted.stop()
    }
  })
}
