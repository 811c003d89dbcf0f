import { afterEach, describe, expect, it } from 'vitest'
import { EngineError } from '../../../../../src/contract/errors.ts'
import type { ExecRequest } from '../../../../../src/engine/container/exec/exec.ts'
import type { ExecClient } from '../../../../../src/engine/container/exec/start-exec.ts'
import { deferred } from '../../../../../src/std/deferred.ts'
import { type ExecEngine, execEngine, ROWS } from '../../../../support/exec-engine.ts'

const open: ExecEngine[] = []
afterEach(async () => {
  for (const engine of open.splice(0)) await engine.close()
})
async function engineOf(...given: Parameters<typeof execEngine>): Promise<ExecEngine> {
  const engine = await execEngine(...given)
  open.push(engine)
  return engine
}

/** A client that keeps what it hears. */
function listener(sends = false): ExecClient & { readonly heard: string[] } {
  const heard: string[] = []
  return { heard, sends, write: (stream, bytes) => void heard.push(`${stream}:${String(bytes)}`) }
}
const bytes = (text: string): Uint8Array => Buffer.from(text)

const REQUEST: ExecRequest = { cmd: ['x', 'a', 'b'], attachStdout: true, attachStderr: true }

const made = (engine: ExecEngine, request: Partial<ExecRequest> = {}) =>
  engine.verbs.createExec(engine.container, { ...REQUEST, ...request })
const found = (engine: ExecEngine, id: string) => engine.verbs.findExec(id)

describe('an exec', () => {
  it('runs once, delivers its output, and tells its end after its exit code', async () => {
    const engine = await engineOf()
    const exec = made(engine)
    const client = listener()
    const { stdin, ended } = await engine.verbs.startExec(found(engine, exec.id), client)
    expect(stdin).toBeUndefined()
    const [fake] = engine.execs
    expect(fake?.job.exec).toEqual({
      args: ['x', 'a', 'b'],
      environment: ['PATH=/bin'],
      workingDirectory: '/',
      user: '',
    })
    expect(exec.state.status).toBe('running')
    await fake?.job.stdout(bytes('out'))
    await fake?.job.stderr(bytes('err'))
    fake?.end(3)
    await ended
    expect(client.heard).toEqual(['stdout:out', 'stderr:err'])
    expect(exec.state).toMatchObject({ status: 'ended', pid: 101, exitCode: 3 })
    expect(engine.events()).toEqual([
      'start',
      'exec_create: x a b',
      'exec_start: x a b',
      `exec_die 3 ${exec.id.slice(0, 8)}`,
    ])
    await expect(engine.verbs.startExec(found(engine, exec.id), client)).rejects.toMatchObject({
      code: 'WRONG_STATE',
      message: `exec command ${exec.id} has already run`,
    })
  })
  it('is not started a second time while it runs', async () => {
    const engine = await engineOf()
    const { id } = made(engine)
    await engine.verbs.startExec(found(engine, id), undefined)
    await expect(engine.verbs.startExec(found(engine, id), undefined)).rejects.toThrow(
      `exec command ${id} is already running`,
    )
    expect(engine.execs).toHaveLength(1)
  })
  it('keeps a blank behind a program without arguments in its events, as Docker does', async () => {
    const engine = await engineOf()
    made(engine, { cmd: ['x'] })
    expect(engine.events().at(-1)).toBe('exec_create: x ')
  })
  it.each([
    ['wanted and sent', true, true, true],
    ['wanted, and nobody sends', true, false, false],
    ['sent, and not wanted', false, true, false],
  ])('has an input where it is %s', async (_, attachStdin, sends, expected) => {
    const engine = await engineOf()
    const { id } = made(engine, { attachStdin })
    const { stdin } = await engine.verbs.startExec(found(engine, id), listener(sends))
    expect([stdin !== undefined, engine.execs[0]?.job.stdin === stdin]).toEqual([expected, true])
  })
  it('drops output that nobody attached to', async () => {
    const engine = await engineOf()
    const { id } = made(engine, { attachStdout: false })
    const client = listener()
    await engine.verbs.startExec(found(engine, id), client)
    await engine.execs[0]?.job.stdout(bytes('out'))
    await engine.execs[0]?.job.stderr(bytes('err'))
    expect(client.heard).toEqual(['stderr:err'])
  })
  it('lets an input that is sent after its end go', async () => {
    const engine = await engineOf()
    const { id } = made(engine, { attachStdin: true })
    const { stdin, ended } = await engine.verbs.startExec(found(engine, id), listener(true))
    const writing = stdin?.write(bytes('unread'))
    engine.execs[0]?.end(0)
    await ended
    await writing
    expect(engine.verbs.findExec(id).exec.state.status).toBe('ended')
  })
})

describe('what an exec runs', () => {
  it('has the variables of the container, its own over them, and is where it asks to be', async () => {
    const engine = await engineOf()
    const exec = made(engine, {
      env: ['A=1', 'PATH=/x', 'A=2', 'B'],
      workingDir: '/w/../v',
      user: 'u',
    })
    expect(exec.spec).toMatchObject({
      environment: ['PATH=/x', 'A=2'],
      workingDirectory: '/v',
      user: 'u',
    })
  })
  it('has no variable that was taken away', async () => {
    const engine = await engineOf()
    expect(made(engine, { env: ['PATH'] }).spec.environment).toEqual([])
  })
  it.each([
    ['no command', { cmd: [] }, 'No exec command specified'],
    ['a variable without a name', { env: ['=x'] }, 'invalid environment variable: =x'],
    ['NUL in an argument', { cmd: ['a\0'] }, 'argument must not contain a NUL byte'],
    ['NUL in a variable', { env: ['a=\0'] }, 'environment must not contain a NUL byte'],
    ['NUL in a user', { user: '\0' }, 'user must not contain a NUL byte'],
    ['a relative directory', { workingDir: 'w' }, "the working directory 'w' is invalid"],
    ['too much', { cmd: ['x', 'y'.repeat(2 ** 20)] }, 'at most 1048576 are accepted'],
    ['no keys', { detachKeys: 'ctrl-é' }, 'Invalid detach keys (ctrl-é) provided'],
  ])('is refused: %s', async (_, request, text) => {
    const engine = await engineOf()
    expect(() => made(engine, request)).toThrow(text)
    expect([engine.container.execs.live(), engine.events()]).toEqual([[], ['start']])
  })
  it('keeps its detach keys as bytes', async () => {
    const engine = await engineOf()
    const exec = made(engine, { detachKeys: 'ctrl-p,ctrl-Q,x,ctrl-@,ctrl-_' })
    expect([...exec.options.detachKeys]).toEqual([16, 17, 0x78, 0, 31])
  })
})

describe('an exec that cannot run', () => {
  it.each([
    [
      'nope',
      127,
      'OCI runtime exec failed: exec failed: unable to start container process: ' +
        'exec: "nope": executable file not found in $PATH: unknown',
    ],
    [
      '/nope',
      127,
      'OCI runtime exec failed: exec failed: unable to start container process: ' +
        'exec: "/nope": stat /nope: no such file or directory: unknown',
    ],
  ])('has the exit code of a shell: %s', async (program, exitCode, message) => {
    const engine = await engineOf()
    const exec = made(engine, { cmd: [program] })
    await expect(engine.verbs.startExec(found(engine, exec.id), undefined)).rejects.toMatchObject({
      code: 'EXEC_FAILED',
      message,
    })
    expect(exec.state).toMatchObject({ status: 'failed', exitCode })
    expect(engine.events().slice(1)).toEqual([
      `exec_create: ${program} `,
      `exec_start: ${program} `,
    ])
    expect(engine.reports).toEqual([])
  })
  it.each([
    ['INVALID_MODULE', 'not a module', 'EXEC_FAILED'],
    ['INVALID_ARGUMENT', 'no such user', 'INVALID_ARGUMENT'],
    ['NO_FREE_SLOT', 'no slot', 'NO_FREE_SLOT'],
    ['PROCESS_GONE', 'gone', 'PROCESS_GONE'],
  ] as const)('is told when the cell says so later: %s', async (code, message, told) => {
    const engine = await engineOf()
    const exec = made(engine)
    const { ended } = await engine.verbs.startExec(found(engine, exec.id), listener())
    engine.execs[0]?.refuse(new EngineError(code, message))
    await expect(ended).rejects.toMatchObject({ code: told })
    await expect(ended).rejects.toThrow(message)
    expect(exec.state).toMatchObject({ status: 'failed', exitCode: 126 })
  })
  it('is nobody’s business when nobody stays with it', async () => {
    const engine = await engineOf()
    const exec = made(engine)
    await engine.verbs.startExec(found(engine, exec.id), undefined)
    engine.execs[0]?.refuse(new EngineError('NO_FREE_SLOT', 'no slot'))
    await exec.over.promise
    expect([exec.state.status, engine.reports]).toEqual(['failed', []])
  })
})

describe('a container', () => {
  it.each([
    ['paused', 'Container REF is paused, unpause the container before exec'],
    ['restarting', 'is restarting, wait until the container is running'],
    ['exited', 'is not running'],
  ] as const)('that is %s takes no exec, new or old', async (status, text) => {
    const engine = await engineOf()
    const { id } = made(engine)
    const { container } = engine
    const old = found(engine, id)
    const last = {
      code: 0,
      oomKilled: false,
      error: '',
      startedAt: undefined,
      finishedAt: new Date(0),
    }
    if (status === 'paused') await engine.verbs.pause(container)
    else if (status === 'exited') await engine.end(0)
    else {
      const state = { status, last, retryAt: new Date(0) }
      container.record = { ...container.record, state }
    }
    expect(() => engine.verbs.createExec(container, REQUEST, 'REF')).toThrow(text)
    expect(() => engine.verbs.checkExec(old)).toThrow(text.replace('REF', container.id))
    await expect(engine.verbs.startExec(old, undefined)).rejects.toMatchObject({
      code: 'WRONG_STATE',
    })
    expect(engine.execs).toEqual([])
  })
  it('takes its execs along: those that ran ended with 137, those that did not are gone', async () => {
    const engine = await engineOf()
    const [first, second] = [made(engine), made(engine)]
    const { ended } = await engine.verbs.startExec(found(engine, first.id), undefined)
    expect(engine.container.execs.live()).toEqual([first, second])
    await engine.end(0)
    expect(await ended).toMatchObject({ exitCode: 137 })
    expect(found(engine, first.id).exec.state).toMatchObject({ status: 'ended', exitCode: 137 })
    expect(() => found(engine, second.id)).toThrow(`No such exec instance: ${second.id}`)
    expect(engine.events().slice(-2)).toEqual([`exec_die 137 ${first.id.slice(0, 8)}`, 'die'])
    expect(engine.container.execs.live()).toEqual([])
    await engine.verbs.remove(engine.container, {}, 'x')
    expect(() => found(engine, first.id)).toThrow('No such exec instance')
  })
  it.each([
    ['is paused', async (engine: ExecEngine) => await engine.verbs.pause(engine.container)],
    ['ends', async (engine: ExecEngine) => await engine.end(0)],
  ])('that %s while an exec is made ready has none', async (_, happens) => {
    const engine = await engineOf()
    const exec = made(engine)
    const ready = deferred<void>()
    engine.hold = ready.promise
    const starting = engine.verbs.startExec(found(engine, exec.id), undefined)
    starting.catch(() => {})
    await happens(engine)
    ready.resolve()
    await expect(starting).rejects.toMatchObject({ code: 'WRONG_STATE' })
    expect([exec.state.status, engine.execs]).toEqual(['failed', []])
  })
  it('ends although the client of an exec takes nothing', async () => {
    const engine = await engineOf()
    const { id } = made(engine)
    await engine.verbs.startExec(found(engine, id), undefined)
    const { run } = engine.container
    engine.container.execs.running()[0]?.over.promise.catch(() => {})
    const [fake] = engine.execs.splice(0)
    const ending = engine.end(0)
    await engine.time.pass(1_999)
    expect(engine.container.run).toBe(run)
    await engine.time.pass(1)
    await ending
    expect(engine.container.record.state.status).toBe('exited')
    fake?.end(0)
    await found(engine, id).exec.over.promise
  })
  it('keeps an exec that has ended for ten minutes', async () => {
    const engine = await engineOf()
    const exec = made(engine)
    await engine.verbs.startExec(found(engine, exec.id), undefined)
    await engine.time.pass(3_600_000)
    expect(found(engine, exec.id).exec).toBe(exec)
    engine.execs[0]?.end(0)
    await exec.over.promise
    await engine.time.pass(600_000)
    expect(found(engine, exec.id).exec).toBe(exec)
    await engine.time.pass(1)
    expect(() => found(engine, exec.id)).toThrow('No such exec instance')
  })
  it('has at most 1000 execs that have not ended, and keeps 1000 that have', async () => {
    const engine = await engineOf()
    const all = Array.from({ length: 1_000 }, () => made(engine))
    expect(() => made(engine)).toThrow('a container has at most 1000 execs')
    for (const exec of all) {
      exec.advance({ type: 'begin' })
      exec.advance({ type: 'fail', exitCode: 1, endedAt: engine.time.now() })
    }
    const last = made(engine)
    last.advance({ type: 'begin' })
    last.advance({ type: 'fail', exitCode: 1, endedAt: engine.time.now() })
    expect(() => found(engine, all[0]?.id ?? '')).toThrow('No such exec instance')
    expect(found(engine, all[1]?.id ?? '').exec).toBe(all[1])
  })
  it('is told of by its cell, as are all processes of its container', async () => {
    const engine = await engineOf()
    const [{ ageMs, ...row }] = ROWS
    const startedAt = new Date(engine.time.now().getTime() - ageMs)
    expect(await engine.verbs.top(engine.container)).toEqual([{ ...row, startedAt }])
    for await (const sample of engine.verbs.stats(engine.container, AbortSignal.abort())) {
      expect(sample.used).toMatchObject({ processes: 3, cpuMs: 7, readBytes: 1 })
    }
  })
})
