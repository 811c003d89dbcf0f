import { z } from 'zod'
import type { ExecRequest } from '../../../engine/container/exec/exec.ts'
import { consoleSize, sizeOf } from '../console-size.ts'

const text = z.string().nullish()
const yes = z.boolean().nullish()
const texts = z.array(z.string()).nullish()

/** The body of an exec's create: what is read of it. */
export const createExecSchema = z.object({
  AttachStdin: yes,
  AttachStdout: yes,
  AttachStderr: yes,
  DetachKeys: text,
  Tty: yes,
  Env: texts,
  // Clients of old send one word where a list is meant.
  Cmd: z.union([z.string().transform((word) => [word]), z.array(z.string())]).nullish(),
  Privileged: yes,
  User: text,
  WorkingDir: text,
  ConsoleSize: consoleSize,
})

export const startExecSchema = z.object({ Detach: yes, Tty: yes, ConsoleSize: consoleSize })

/** The engine's request from Docker's body. */
export const execRequestOf = (body: z.output<typeof createExecSchema>): ExecRequest => ({
  cmd: body.Cmd ?? [],
  env: body.Env ?? [],
  user: body.User ?? '',
  workingDir: body.WorkingDir ?? '',
  attachStdin: body.AttachStdin ?? false,
  attachStdout: body.AttachStdout ?? false,
  attachStderr: body.AttachStderr ?? false,
  tty: body.Tty ?? false,
  privileged: body.Privileged ?? false,
  detachKeys: body.DetachKeys ?? '',
  terminalSize: sizeOf(body.ConsoleSize),
})
