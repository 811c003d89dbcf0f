import { expect, it } from 'vitest'
import { Errno } from '../../../src/contract/errno.ts'

/** The names of wasi_snapshot_preview1.witx, `errno`, in its order: the position is the value. */
const WITX =
  'success 2big acces addrinuse addrnotavail afnosupport again already badf badmsg busy canceled ' +
  'child connaborted connrefused connreset deadlk destaddrreq dom dquot exist fault fbig ' +
  'hostunreach idrm ilseq inprogress intr inval io isconn isdir loop mfile mlink msgsize multihop ' +
  'nametoolong netdown netreset netunreach nfile nobufs nodev noent noexec nolck nolink nomem ' +
  'nomsg noprotoopt nospc nosys notconn notdir notempty notrecoverable notsock notsup notty nxio ' +
  'overflow ownerdead perm pipe proto protonosupport prototype range rofs spipe srch stale ' +
  'timedout txtbsy xdev notcapable'

it('the error numbers are those of the witx file, all of them', () => {
  const wanted = WITX.split(' ').map((name, value) => [name.toUpperCase(), value])
  expect(Object.entries(Errno)).toEqual(wanted)
})
