import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../../../../src/contract/identity.ts'
import { Ledger } from '../../../../src/kernel/cgroup/ledger.ts'
import { MemoryFileSystem } from '../../../../src/kernel/mount/fs/memory.ts'
import type { MountNamespace } from '../../../../src/kernel/mount/mount-namespace.ts'
import { walkPath, walkTo } from '../../../../src/kernel/mount/path-walk.ts'
import type { Place, Walker } from '../../../../src/kernel/mount/place.ts'
import type { Vnode } from '../../../../src/kernel/mount/vnode.ts'
import { createInodeStore } from '../../../../src/thread/inode-store.ts'
import { must, said } from '../../../support/errno.ts'
import { treeOf } from '../../../support/process.ts'

/** One thing of a random tree: done in order, where its parent is a directory and its name is free. */
type Step = Readonly<{ parent: number; name: string; what: What }>
type What = 'directory' | 'closed' | 'file' | 'mount' | Readonly<{ text: string }>
/** The tree as a flat list of absolute paths without links: what the reference works on. */
type Flat = Map<string, What>

const NAMES = ['a', 'b', 'c'] as const
const below = (path: string, name: string): string =>
  path === '/' ? `/${name}` : `${path}/${name}`
const above = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'
const isLink = (what: What | undefined): what is { readonly text: string } =>
  typeof what === 'object'
const isDirectory = (what: What | undefined): boolean =>
  what === 'directory' || what === 'closed' || what === 'mount'

/** The tree twice: as paths, and as a container's mounts and nodes. */
class Grown {
  readonly flat: Flat = new Map([['/', 'directory']])
  readonly places = new Map<string, Place>()
  readonly walker: Walker
  readonly #mounts: MountNamespace
  #device = 10

  constructor(steps: readonly Step[]) {
    const { mounts, walker } = treeOf([])
    this.#mounts = mounts
    this.walker = walker
    this.places.set('/', walker.root)
    for (const step of steps) this.#apply(step)
  }

  directory(index: number): string {
    const all = [...this.flat.keys()].filter((path) => isDirectory(this.flat.get(path)))
    return all[index % all.length] ?? '/'
  }

  place(path: string): Place {
    return this.places.get(path) ?? this.walker.root
  }

  pathOf({ vnode }: Place): string | undefined {
    const same = ([, place]: readonly [string, Place]) =>
      place.vnode.fs === vnode.fs && place.vnode.inode === vnode.inode
    return [...this.places].find(same)?.[0]
  }

  #apply({ parent, name, what }: Step): void {
    const at = this.directory(parent)
    const path = below(at, name)
    const there = this.flat.get(path)
    if (what === 'mount') {
      if (there !== undefined && !isDirectory(there)) return
      this.places.set(path, this.#mount(path))
    } else {
      if (there !== undefined) return
      const { mount, vnode } = this.place(at)
      this.places.set(path, { mount, vnode: make(vnode, name, what) })
    }
    this.flat.set(path, what)
  }

  #mount(path: string): Place {
    // What is covered cannot be reached, so that both forget it.
    for (const covered of this.flat.keys()) {
      if (!covered.startsWith(`${path}/`)) continue
      this.flat.delete(covered)
      this.places.delete(covered)
    }
    this.#device += 1
    const parts = { store: createInodeStore(), ledger: new Ledger(), device: this.#device }
    const fs = new MemoryFileSystem({ ...parts, now: () => 1n })
    must(this.#mounts.mount(path, fs, { readOnly: false }))
    const mount = this.#mounts.list().at(-1)
    if (mount === undefined) throw new Error('not mounted')
    return { mount, vnode: fs.root }
  }
}

function make(directory: Vnode, name: string, what: Exclude<What, 'mount'>): Vnode {
  if (isLink(what)) return must(directory.createSymlink(name, what.text, ROOT))
  if (what === 'file') return must(directory.createFile(name, 0o644, ROOT))
  return must(directory.createDirectory(name, what === 'closed' ? 0o600 : 0o755, ROOT))
}

interface Rules {
  readonly strict: boolean
  readonly follow: boolean
  /** May search what is closed. */
  readonly root: boolean
}

const partsOf = (path: string): string[] => path.split('/').filter((name) => name !== '')

/** What a path leads to, by text alone: a list of names still to do, and an absolute path so far. */
class Reference {
  readonly #flat: Flat
  readonly #start: string
  readonly #rules: Rules
  #at: string
  #todo: string[]
  #follow: boolean
  #slash: boolean
  #links = 0

  constructor(flat: Flat, start: string, path: string, rules: Rules) {
    this.#flat = flat
    this.#start = start
    this.#rules = rules
    this.#at = path.startsWith('/') ? '/' : start
    this.#todo = partsOf(path)
    this.#follow = rules.follow
    this.#slash = path.endsWith('/')
  }

  /** An absolute path, `missing PATH`, or an errno. */
  answer(): string {
    while (this.#todo.length > 0) {
      const end = this.#next(this.#todo.shift() ?? '')
      if (end !== undefined) return end
    }
    return this.#at
  }

  #next(name: string): string | undefined {
    if (this.#flat.get(this.#at) === 'closed' && !this.#rules.root) return 'ACCES'
    if (name === '.') return undefined
    if (name === '..') return this.#up()
    const last = this.#todo.length === 0
    const path = below(this.#at, name)
    const what = this.#flat.get(path)
    if (what === undefined) return last ? `missing ${path}` : 'NOENT'
    if (isLink(what) && (!last || this.#follow || this.#slash)) return this.#expand(what.text, last)
    if (!isDirectory(what) && (!last || this.#slash)) return 'NOTDIR'
    this.#at = path
    return undefined
  }

  #up(): string | undefined {
    if (this.#rules.strict && this.#at === this.#start) return 'PERM'
    this.#at = above(this.#at)
    return undefined
  }

  #expand(text: string, last: boolean): string | undefined {
    this.#links += 1
    if (this.#links > 40) return 'LOOP'
    if (text.startsWith('/')) {
      if (this.#rules.strict) return 'PERM'
      this.#at = '/'
    }
    this.#follow ||= last
    this.#slash ||= last && text.endsWith('/')
    this.#todo.unshift(...partsOf(text))
    return undefined
  }
}

function reference(flat: Flat, start: string, path: string, rules: Rules): string {
  if (path.startsWith('/') && rules.strict) return 'PERM'
  return new Reference(flat, start, path, rules).answer()
}

const text = fc
  .tuple(
    fc.constantFrom('', '', '', '/'),
    fc.array(fc.constantFrom(...NAMES, ...NAMES, '..', '.', ''), { minLength: 1, maxLength: 6 }),
    fc.constantFrom('', '', '', '/', '/.'),
  )
  .map(([start, names, end]) => start + names.join('/') + end)
  .filter((path) => path !== '')
const what: fc.Arbitrary<What> = fc.oneof(
  { weight: 3, arbitrary: fc.constant('directory' as const) },
  { weight: 1, arbitrary: fc.constantFrom('closed' as const, 'mount' as const) },
  { weight: 2, arbitrary: fc.constant('file' as const) },
  { weight: 4, arbitrary: text.map((link) => ({ text: link })) },
)
const step = fc.record({ parent: fc.nat(20), name: fc.constantFrom(...NAMES), what })
const world = fc.array(step, { maxLength: 25 })

function walked(grown: Grown, start: Place, path: string, rules: Rules): string {
  const walker: Walker = {
    ...grown.walker,
    personality: rules.strict ? 'strict' : 'container',
    credentials: rules.root ? ROOT : { uid: 1_000, gid: 1_000, groups: [] },
  }
  const ending = walkPath(walker, start, path, rules.follow)
  if (ending.ok && ending.value.place === undefined) {
    return `missing ${below(grown.pathOf(ending.value.directory) ?? '?', ending.value.name)}`
  }
  const place = walkTo(walker, start, path, rules.follow)
  return place.ok ? (grown.pathOf(place.value) ?? 'a place outside') : said(place)
}

/** How often a walk ended in each way: a property that never meets a case proves nothing of it. */
const met = new Map<string, number>()

describe('a path walk', () => {
  it.each([false, true])('leads where the reference says, strict: %s', (strict) => {
    fc.assert(
      fc.property(
        world,
        fc.array(fc.tuple(fc.nat(20), text, fc.boolean(), fc.boolean()), { maxLength: 20 }),
        (steps, walks) => {
          const grown = new Grown(steps)
          for (const [from, path, follow, root] of walks) {
            const start = grown.directory(from)
            const place = grown.place(start)
            const rules = { strict, follow, root }
            const wanted = reference(grown.flat, start, path, rules)
            const came = walked(grown, place, path, rules)
            expect([start, path, rules, came]).toEqual([start, path, rules, wanted])
            const kind = came.startsWith('/') ? 'place' : (came.split(' ')[0] ?? '')
            met.set(`${kind} ${strict}`, (met.get(`${kind} ${strict}`) ?? 0) + 1)
          }
        },
      ),
      { numRuns: 800 },
    )
  })
  it('was tried on every ending', () => {
    for (const kind of ['place', 'missing', 'NOENT', 'NOTDIR', 'ACCES']) {
      expect([kind, met.get(`${kind} false`)]).not.toEqual([kind, undefined])
      expect([kind, met.get(`${kind} true`)]).not.toEqual([kind, undefined])
    }
    expect(met.get('PERM true')).toBeGreaterThan(100)
    expect(met.get('LOOP false')).toBeGreaterThan(10)
  })
})

/** A chain of `count` links, the last of which leads to the directory `end`. */
function chain(count: number) {
  const { walker } = treeOf([])
  const { vnode } = walker.root
  must(must(vnode.createDirectory('end', 0o755, ROOT)).createFile('f', 0o644, ROOT))
  for (let link = 0; link < count; link += 1) {
    const text = link === count - 1 ? 'end' : `l${link + 1}`
    must(vnode.createSymlink(`l${link}`, text, ROOT))
  }
  return (path: string) => said(walkTo(walker, walker.root, path, true))
}

it('40 links are followed and the 41st is one too many, also in the middle', () => {
  expect([chain(40)('l0'), chain(41)('l0')]).toEqual(['ok', 'LOOP'])
  expect([chain(40)('l0/f'), chain(41)('l0/f')]).toEqual(['ok', 'LOOP'])
  expect([chain(20)('l0/../l0/f'), chain(21)('l0/../l0/f')]).toEqual(['ok', 'LOOP'])
})

it('a process that must end leaves a walk at any link', () => {
  const { walker } = treeOf([])
  for (let link = 0; link < 40; link += 1) {
    must(walker.root.vnode.createSymlink(`l${link}`, `l${link + 1}`, ROOT))
  }
  let charged = 0
  const charge = (units: number): void => {
    expect(units).toBeGreaterThan(0)
    charged += 1
    if (charged === 3) throw new RangeError('ended')
  }
  expect(() => walkTo({ ...walker, charge }, walker.root, 'l0', true)).toThrow('ended')
  expect(charged).toBe(3)
})

it('10,000 levels are made and walked one by one, and left again', () => {
  const { walker, ledger } = treeOf([])
  let at = walker.root
  for (let depth = 0; depth < 10_000; depth += 1) {
    const vnode = must(at.vnode.createDirectory('d', 0o755, ROOT))
    at = { mount: at.mount, vnode }
  }
  expect(ledger.used('inodes')).toBe(10_000)
  expect(must(walkTo(walker, at, '../'.repeat(1_365), true)).vnode.type).toBe('directory')
  // Renaming the top touches no path below it.
  must(walker.root.vnode.rename('d', walker.root.vnode, 'e'))
  expect(said(walkTo(walker, walker.root, `e${'/d'.repeat(2_000)}`, true))).toBe('ok')
})
