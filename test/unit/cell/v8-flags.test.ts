import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import {
  allocatorFor,
  flagsFor,
  needsAllocatorFlag,
  needsBranchHintFlag,
} from '../../../src/cell/v8-flags.ts'
import { newestNode } from '../../support/newest-node.ts'

const ALLOCATOR = '--turbo-use-mid-tier-regalloc-for-huge-functions'

describe('the flag for branch hints', () => {
  it.each([
    ['11.3.244.8-node.33', true],
    ['12.4.254.21-node.33', true],
    ['13.6.233.17-node.37', true],
    ['13.7.152.1', false],
    ['14.6.202.33-node.24', false],
    ['10.2.154.26-node.36', false],
    ['', false],
  ])('V8 %s: %s', (version, needed) => {
    expect(needsBranchHintFlag(version)).toBe(needed)
  })
})

describe('the flag for the register allocator', () => {
  it.each([
    ['10.2.154.26-node.36', false],
    ['11.3.244.8-node.33', true],
    ['12.4.254.21-node.57', false],
    ['13.6.233.17-node.63', false],
    ['', false],
  ])('V8 %s: %s', (version, needed) => {
    expect(needsAllocatorFlag(version)).toBe(needed)
  })
})

it('a V8 is asked for what it needs, and for nothing else', () => {
  expect(flagsFor('11.3.244.8-node.38')).toEqual([
    '--experimental-wasm-branch-hinting',
    '--no-turbo-use-mid-tier-regalloc-for-huge-functions',
    '--no-allocation-site-pretenuring',
  ])
  const inlining = [
    '--wasm-inlining-max-size=1500',
    '--wasm-inlining-budget=15000',
    '--wasm-inlining-factor=4',
  ]
  const heap = '--no-allocation-site-pretenuring'
  expect(flagsFor('12.4.254.21-node.57')).toEqual(['--experimental-wasm-branch-hinting', heap])
  expect(flagsFor('13.6.233.17-node.63')).toEqual([
    '--experimental-wasm-branch-hinting',
    ...inlining,
    heap,
  ])
  expect(flagsFor('14.6.202.33-node.24')).toEqual([...inlining, heap])
})

it.each([
  ['a function of 128 KiB', '11.3.244.8-node.38', 131_072, undefined],
  ['a larger one', '11.3.244.8-node.38', 131_073, ALLOCATOR],
  ['one of a V8 with one allocator', '12.4.254.21-node.57', 400_000, undefined],
])(
  '%s goes to the poorer allocator where there is one and it is too large',
  (_, v8, size, flag) => {
    expect(allocatorFor(size, v8)).toBe(flag)
  },
)

describe.each([
  ['this Node', () => process.execPath],
  ['the newest one', newestNode],
])('%s', (_, pathOf) => {
  it('is asked for flags that it knows', () => {
    const node = pathOf()
    const options = execFileSync(node, ['--v8-options']).toString()
    const v8 = execFileSync(node, ['--print', 'process.versions.v8']).toString().trim()
    for (const flag of flagsFor(v8)) {
      const [name = ''] = flag.replace('--no-', '--').split('=')
      expect(options).toContain(`  ${name} (`)
    }
    expect(options.includes(`  ${ALLOCATOR} (`)).toBe(needsAllocatorFlag(v8))
  })
})
