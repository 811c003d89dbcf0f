import { describe, expect, it } from 'vitest'
import { needsBranchHintFlag } from '../../../src/cell/v8-flags.ts'

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
