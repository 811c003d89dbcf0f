import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

function bench(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--no-warnings', 'bench/main.mjs', ...args],
    // One that hangs is a failure, and no reason to wait for ever.
    { maxBuffer: 1 << 28, timeout: 240_000 },
  )
  return { status, stdout: stdout.toString(), stderr: stderr.toString() }
}

const BENCHES = [
  ...'job syscalls container ring kill looks pause exec density python store docker-run'.split(' '),
  ...'hostile metering'.split(' '),
]

interface Row {
  readonly name: string
  readonly value: number
}

interface Kernel {
  readonly name: string
  readonly set: string
}

describe('npm run bench', () => {
  it('lists every bench with its purpose when it is given no name', () => {
    const { status, stdout } = bench()
    expect(status).toBe(0)
    for (const name of BENCHES) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name} +\\w`, 'm'))
    }
  })

  it.each([
    ['a name it does not know', ['nonsense'], /no bench is called nonsense; there are job, /],
    ['an inherited property as a name', ['toString'], /no bench is called toString/],
    ['a flag it does not know', ['job', '--fast'], /^bench: job: .*--fast/],
    ['a flag of another bench', ['job', '--only', 'fib'], /^bench: job: .*--only/],
    ['a flag without its value', ['metering', '--only'], /^bench: metering: .*--only/],
    ['an unknown kernel', ['metering', '--only', 'nothing'], /no kernel or program nothing/],
    [
      'an unknown hostile guest',
      ['hostile', '--only', 'unheard-of'],
      /no hostile guest has unheard-of/,
    ],
    ['no process at all', ['metering', '--processes', '0'], /--processes 0: a whole number from 1/],
    ['half a kill', ['kill', '--kills', '1.5'], /--kills 1.5: a whole number from 1 to 999999/],
    ['an unknown set', ['metering', '--set', 'all'], /no set all: tuning, seen or unseen/],
  ])('refuses %s', (_, args, message) => {
    const { status, stdout, stderr } = bench(...args)
    expect(stderr).toMatch(message)
    expect(stdout).toBe('')
    expect(status).toBe(2)
  })

  it.each('container syscalls ring kill looks python store docker-run'.split(' '))(
    'runs %s',
    (name) => {
      const { status, stdout, stderr } = bench(name, '--quick', '--json')
      expect(status, stderr).toBe(0)
      const { figures } = JSON.parse(stdout) as { readonly figures: readonly Row[] }
      expect(figures.length).toBeGreaterThan(0)
      expect(figures.filter(({ value }) => !Number.isFinite(value))).toEqual([])
    },
  )

  it('runs hostile guests beside hello jobs', () => {
    const { status, stdout } = bench('hostile', '--quick', '--only', 'H46', '--json')
    expect(status).toBe(0)
    const { figures } = JSON.parse(stdout) as { readonly figures: readonly Row[] }
    expect(figures.map(({ name }) => name)).toContain('H46 open-storm: kill, median')
    expect(figures.filter(({ value }) => !(value > 0))).toEqual([])
  })

  it('leaves the unseen kernels out unless they are asked for', () => {
    const { status, stdout } = bench('metering', '--quick', '--json')
    expect(status).toBe(0)
    const { samples } = JSON.parse(stdout) as {
      readonly samples: Readonly<Record<string, unknown>>
    }
    // The shape of the table in bench/.
    const kernels = JSON.parse(readFileSync('bench/kernels.json', 'utf8')) as readonly Kernel[]
    const others = kernels.filter(({ set }) => set !== 'unseen').map(({ name }) => name)
    expect(Object.keys(samples)).toEqual(others)
  })

  it('prints one object that holds everything a comparison needs', () => {
    const { status, stdout } = bench('metering', '--quick', '--only', 'fib', '--json')
    expect(status).toBe(0)
    expect(stdout.trimEnd().split('\n')).toHaveLength(1)
    // The shape bench/report.mjs describes.
    const result = JSON.parse(stdout) as {
      readonly name: string
      readonly figures: readonly Row[]
      readonly baselines: readonly Row[]
      readonly ratios: readonly Row[]
      readonly machine: Readonly<Record<string, unknown>>
      readonly samples: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>
    }
    expect(result.name).toBe('metering')
    const values = [result.figures, result.baselines, result.ratios].flat()
    expect(values.filter(({ value }) => !(value > 0))).toEqual([])
    const named = (rows: readonly Row[], start: string) =>
      rows.find(({ name }) => name.startsWith(start))?.value ?? 0
    const ratio = named(result.figures, 'fib: metered') / named(result.baselines, 'fib: plain')
    expect(named(result.ratios, 'fib, over plain with the same flags: least')).toBeCloseTo(ratio)
    expect(named(result.ratios, 'fib, over plain as Node compiles it: least')).toBeGreaterThan(0)
    expect(Object.keys(result.machine).sort()).toEqual(
      ['cores', 'cpu', 'date', 'load', 'memory', 'node', 'platform', 'v8'].sort(),
    )
    expect(result.machine['load']).toMatchObject({
      before: [expect.any(Number), expect.any(Number), expect.any(Number)],
    })
    for (const form of ['stock', 'plain', 'metered']) {
      expect(result.samples['fib']?.[form]).toHaveLength(2)
    }
  })
})
