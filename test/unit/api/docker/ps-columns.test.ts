import { expect, it } from 'vitest'
import { columnsOf } from '../../../../src/api/docker/containers/ps-columns.ts'
import type { ProcessFacts } from '../../../../src/engine/container/top.ts'

const titles = (args: string): string =>
  columnsOf(args)
    .map(({ title }) => title)
    .join(' ')

it.each([
  ['-ef', 'UID PID PPID C STIME TTY TIME CMD'],
  ['-e -f', 'UID PID PPID C STIME TTY TIME CMD'],
  ['aux', 'USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND'],
  ['ax', 'PID TTY STAT TIME COMMAND'],
  ['-e', 'PID TTY TIME CMD'],
  ['-o pid,cmd', 'PID CMD'],
  ['-opid,cmd', 'PID CMD'],
  ['-eo pid,user,args', 'PID USER COMMAND'],
  ['-o pid -o comm', 'PID COMMAND'],
  ['-ef o pid,rss', 'PID RSS'],
  ['', 'PID TTY TIME CMD'],
])('columns of ps %s', (args, expected) => {
  expect(titles(args)).toBe(expected)
})

it.each([
  ['-o cmd', "Couldn't find PID field in ps output"],
  ['-o pid,nope', 'ps: error: unknown user-defined format specifier "nope"'],
  ['-o', 'ps: error: unknown user-defined format specifier ""'],
  ['-o pid=,cmd', "Couldn't find PID field in ps output"],
  ['--forest', 'ps: error: unsupported option: -f'],
  ['-q 1', 'ps: error: unsupported option: q'],
])('refuses ps %s', (args, message) => {
  expect(() => columnsOf(args)).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message }),
  )
})

it('tells of a process what ps would', () => {
  const startedAt = new Date('2026-01-02T03:04:05Z')
  const facts: ProcessFacts = {
    pid: 7,
    parentPid: 0,
    uid: 0,
    commandLine: '/bin/a b c',
    command: 'a',
    state: 'running',
    hasTerminal: false,
    startedAt,
    cpuMs: 3_725_000,
    memory: 2_097_152,
  }
  const row = (args: string, now: Date, more: Partial<ProcessFacts> = {}): readonly string[] =>
    columnsOf(args).map(({ cell }) => cell({ ...facts, ...more }, now))
  expect(row('-ef', new Date('2026-01-02T04:06:10Z'))).toEqual([
    'root',
    '7',
    '0',
    '100',
    '03:04',
    '?',
    '01:02:05',
    '/bin/a b c',
  ])
  expect(row('-o pid,stime,time,comm,vsz,stat', new Date('2026-01-04T00:00:00Z'))).toEqual([
    '7',
    'Jan02',
    '01:02:05',
    'a',
    '2048',
    'R',
  ])
  expect(row('aux', new Date('2026-01-02T04:06:10Z')).slice(-2)).toEqual(['62:05', '/bin/a b c'])
  const now = new Date('2026-01-02T04:06:10Z')
  const shown = (more: Partial<ProcessFacts>) =>
    row('-o pid,ppid,user,tty,stat,args,comm', now, more).slice(1)
  expect(shown({ parentPid: 4, uid: 1_000, hasTerminal: true, state: 'stopped' })).toEqual([
    '4',
    '1000',
    'pts/0',
    'T',
    '/bin/a b c',
    'a',
  ])
  expect(shown({ state: 'zombie', commandLine: '' }).slice(-3)).toEqual([
    'Z',
    '[a] <defunct>',
    'a <defunct>',
  ])
  expect(shown({ state: 'sleeping', commandLine: '' }).slice(-3)).toEqual(['S', '[a]', 'a'])
})
