import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { python } from '../support/bulkhead.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'bulkhead-'))
  writeFileSync(join(directory, 'in.txt'), 'from the host')
})
afterAll(() => rmSync(directory, { recursive: true }))

describe('bulkhead run python', () => {
  it('prints a computed result', async () => {
    expect(await python('print(6*7)')).toMatchObject({ code: 0, stdout: Buffer.from('42\n') })
  })
  it('imports its standard library', async () => {
    const done = await python(
      'import json, re, zlib, hashlib, decimal, sqlite3, os\n' +
        'print(json.dumps({"a": [1, zlib.crc32(b"x")]}), hashlib.sha256(b"").hexdigest()[:8])',
    )
    expect(done.stdout.toString()).toBe('{"a": [1, 2363233923]} e3b0c442\n')
    expect(done.code).toBe(0)
  })
  it('ends with the code of sys.exit', async () => {
    expect((await python('import sys; sys.exit(7)')).code).toBe(7)
  })
  it('ends with 1 and a traceback for an exception nobody catches', async () => {
    const done = await python('def f(): raise ValueError("why")\nf()')
    expect(done.code).toBe(1)
    expect(done.stderr).toContain('Traceback (most recent call last)')
    expect(done.stderr).toContain('ValueError: why')
  })
  it('reads piped input with -i, and finds none without', async () => {
    const source = 'import sys; print(sys.stdin.read().upper())'
    expect((await python(source, ['-i'], { stdin: 'abc' })).stdout.toString()).toBe('ABC\n')
    expect((await python(source, [], { stdin: 'abc' })).stdout.toString()).toBe('\n')
  })
  it('passes all 256 byte values through standard input and output', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 * 400 }, (_, index) => index % 256))
    const done = await python(
      'import sys, shutil; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)',
      ['-i'],
      { stdin: bytes },
    )
    expect(done.stdout.equals(bytes)).toBe(true)
  })
  it('reads and writes files in a bind mount', async () => {
    const done = await python(
      'text = open("/data/in.txt").read()\nopen("/data/out.txt", "w").write(text[::-1])',
      ['-v', `${directory}:/data`],
    )
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(join(directory, 'out.txt'), 'utf8')).toBe('tsoh eht morf')
  })
  it('cannot write to a read-only bind mount', async () => {
    const done = await python(
      'import errno\ntry: open("/data/in.txt", "w")\nexcept OSError as e: print(errno.errorcode[e.errno])',
      ['-v', `${directory}:/data:ro`],
    )
    expect(done.stdout.toString()).toBe('EROFS\n')
    expect(readFileSync(join(directory, 'in.txt'), 'utf8')).toBe('from the host')
  })
  it('works on a tmpfs, and meets its end', async () => {
    const done = await python(
      'import errno\n' +
        'try:\n  with open("/scratch/f", "wb") as f:\n    while True: f.write(bytes(65536)); f.flush()\n' +
        'except OSError as e: print(errno.errorcode[e.errno])\n' +
        'open("/tmp/after", "w").write("still here"); print(open("/tmp/after").read())',
      ['--tmpfs', '/scratch:size=1m'],
    )
    expect(done.stdout.toString()).toBe('ENOSPC\nstill here\n')
    expect(done.code).toBe(0)
  })
  it('has the environment, working directory and host name it was given', async () => {
    const done = await python(
      'import os; print(os.environ["A"], os.environ["HOME"], os.environ["HOSTNAME"], open("/etc/hostname").read().strip())',
      ['-e', 'A=1=2', '--hostname', 'box'],
    )
    expect(done.stdout.toString()).toBe('1=2 /root box box\n')
  })
  it('cannot write below a read-only root', async () => {
    const done = await python(
      'import errno\ntry: open("/x", "w")\nexcept OSError as e: print(errno.errorcode[e.errno])',
      ['--read-only'],
    )
    expect(done.stdout.toString()).toBe('EROFS\n')
  })
  it('says with --usage what it cost', async () => {
    const done = await python('pass', ['--usage'])
    expect(done.stderr).toMatch(/^fuel +[1-9]\d+ units \(table \d+\)$/m)
    expect(done.stderr).toMatch(/^cpu +\d/m)
    expect(done.stderr).toMatch(/^memory +[1-9]/m)
    expect(done.stderr).toMatch(/^syscalls +[1-9]/m)
  })
  it('uses the same fuel twice when it is deterministic', async () => {
    const source =
      'import random, time, os; print(random.random(), time.time(), os.urandom(4).hex())'
    const flags = ['--usage', '--seed', '7', '--epoch', '1000000000000']
    const runs = [await python(source, flags), await python(source, flags)]
    const [first, second] = runs.map(({ stdout, stderr }) => ({
      out: stdout.toString(),
      fuel: /^fuel +(\d+)/m.exec(stderr)?.[1],
    }))
    expect(first?.fuel).toMatch(/^\d{6,}$/)
    expect(first?.out).toContain(' 1000000000.0 ')
    expect(second).toEqual(first)
  })
})
