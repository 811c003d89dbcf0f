import { describe, expect, it } from 'vitest'
import { BULKHEAD } from '../../../src/abi/bulkhead/table.ts'
import { linkImports } from '../../../src/abi/link.ts'
import { PREVIEW1, PREVIEW1_COPYING } from '../../../src/abi/preview1/table.ts'
import { SNAPSHOT0 } from '../../../src/abi/snapshot0/table.ts'
import { WASIX } from '../../../src/abi/wasix/table.ts'
import { WASMEDGE } from '../../../src/abi/wasmedge/table.ts'
import { Errno } from '../../../src/contract/errno.ts'
import { EngineError } from '../../../src/contract/errors.ts'
import { processOf } from '../../support/process.ts'

const NEW = 'wasi_snapshot_preview1'
const OLD = 'wasi_unstable'
const imported = (module: string, name: string, kind = 'function') => ({ module, name, kind })
const rowsOf = (...imports: readonly (readonly [module: string, name: string])[]) =>
  linkImports(imports.map(([module, name]) => imported(module, name))).map(({ row }) => row)

describe('linkImports', () => {
  it('chooses the table by the module, for each import', () => {
    expect(rowsOf([NEW, 'fd_seek'], [OLD, 'fd_seek'], [OLD, 'fd_read'])).toEqual([
      PREVIEW1.fd_seek,
      SNAPSHOT0['fd_seek'],
      PREVIEW1.fd_read,
    ])
    expect(SNAPSHOT0['fd_seek']?.handler).not.toBe(PREVIEW1.fd_seek.handler)
  })
  it('takes a module that imports sock_open to be made for WasmEdge, whatever the order', () => {
    const rows = rowsOf([NEW, 'sock_accept'], [NEW, 'fd_read'], [NEW, 'sock_open'])
    expect(rows).toEqual([WASMEDGE['sock_accept'], PREVIEW1.fd_read, WASMEDGE['sock_open']])
    expect(rows[0]?.handler).not.toBe(PREVIEW1.sock_accept.handler)
    expect(rowsOf([NEW, 'sock_accept'])).toEqual([PREVIEW1.sock_accept])
    // Only of preview 1 did WasmEdge make another table.
    expect(rowsOf([NEW, 'sock_accept'], [OLD, 'sock_open'])[0]).toBe(PREVIEW1.sock_accept)
  })
  it.each([
    [NEW, 'sock_bind'],
    [NEW, 'fd_none'],
    [OLD, 'sock_accept'],
    [NEW, 'toString'],
  ])('links a name that %s does not have: %s answers ENOSYS', (module, name) => {
    expect(rowsOf([module, name])[0]?.handler(processOf([]).call)).toBe(Errno.NOSYS)
  })
  it.each([
    ['a module that nobody knows', imported('env', 'foo'), 'unknown import env.foo'],
    ['a memory', imported(NEW, 'memory', 'memory'), `unknown import ${NEW}.memory`],
  ])('refuses %s', (_, one, message) => {
    expect(() => linkImports([one])).toThrow(message)
  })
  it('has the calls of WASIX and our own, and then fd_renumber copies', () => {
    const rows = rowsOf(['wasix_32v1', 'proc_id'], [NEW, 'fd_renumber'], ['bulkhead_v1', 'getcwd'])
    expect(rows).toEqual([WASIX.proc_id, PREVIEW1_COPYING['fd_renumber'], BULKHEAD.getcwd])
    expect(rowsOf([NEW, 'fd_renumber'])).toEqual([PREVIEW1.fd_renumber])
  })
  it.each([
    [
      'all that is missing at once, and of what kind it is',
      [
        ['wasix_32v1', 'proc_fork'],
        ['wasix_32v1', 'proc_id'],
        ['bulkhead_v1', 'none'],
        ['wasix_32v1', 'futex_wait'],
        [NEW, 'fd_none'],
      ],
      'exec format error: needs wasix_32v1: proc_fork, futex_wait; bulkhead_v1: none (not supported: fork, futex)',
    ],
    [
      'a name that is of no kind',
      [['wasix_32v1', 'toString']],
      'exec format error: needs wasix_32v1: toString',
    ],
  ] as const)('refuses by name %s', (_, imports, message) => {
    const refused = () => linkImports(imports.map(([module, name]) => imported(module, name)))
    expect(refused).toThrow(new EngineError('INVALID_MODULE', message))
  })
  it('names no more than twenty of a module that lacks a thousand', () => {
    const imports = Array.from({ length: 1_000 }, (_, at) => imported('wasix_32v1', `x${at}`))
    expect(() => linkImports(imports)).toThrow(/x18, x19, and 980 more$/)
  })
})
