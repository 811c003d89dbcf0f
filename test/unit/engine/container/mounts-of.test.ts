import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { mountsOf } from '../../../../src/engine/container/mounts-of.ts'

const bind = (target: string, source = tmpdir()) => ({ type: 'bind', source, target }) as const

describe('mountsOf', () => {
  it('puts a mount below another after it', () => {
    const targets = mountsOf([bind('/a/b/c'), bind('/a'), bind('/a/b')]).map((one) => one.target)
    expect(targets).toEqual(['/a', '/a/b', '/a/b/c'])
  })
  it('writes targets in their shortest form', () => {
    expect(mountsOf([bind('//data/./x/')])[0]?.target).toBe('/data/x')
  })
  it('reads the size of a tmpfs', () => {
    expect(mountsOf([{ type: 'tmpfs', target: '/t', size: '16m' }])).toEqual([
      { type: 'tmpfs', target: '/t', size: 16 * 2 ** 20, mode: 0o1777, readOnly: false },
    ])
  })
  it.each([
    ['a relative target', bind('data'), 'must be absolute'],
    ['a target that climbs', bind('/a/../b'), "'..' is not accepted"],
    ['the root', bind('/'), "the container's own"],
    ['/proc', bind('/proc/'), "the container's own"],
    ['a relative source', bind('/data', 'here'), 'must be absolute'],
    ['a source that is not there', bind('/data', '/no/such/place'), 'does not exist'],
  ])('refuses %s', (_, mount, message) => {
    expect(() => mountsOf([mount])).toThrow(message)
    expect(() => mountsOf([mount])).toThrow(expect.objectContaining({ code: 'INVALID_MOUNT' }))
  })
  it('refuses two mounts on one target', () => {
    expect(() => mountsOf([bind('/a'), bind('/a/')])).toThrow('Duplicate mount point: /a')
  })
})
