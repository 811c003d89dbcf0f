import type { StoredNode } from '../../contract/inode-store.ts'

/**
 * The bytes of a file in memory. None are held before they are written, so a hole takes nothing but its
 * charge, and what is held is never more than is charged:
 *
 *   extent  from the start of the file, as far as it was written without a hole of more than a page
 *   pages   behind the extent, once something was written further off: then the extent stays as it is
 *
 * What neither of them reaches is zeros. So is all that they hold behind the end of the file.
 */
const PAGE_BITS = 16
const PAGE = 2 ** PAGE_BITS
const IN_PAGE = PAGE - 1
/** Of the first extent of a file, and what it is charged for that. */
export const SMALLEST_EXTENT = 64
const NO_BYTES = new Uint8Array()

/**
 * The extent, made to hold the first `needed` bytes, which are charged: doubled, so that appending stays
 * cheap. Not for a file that has pages.
 */
export function extentOf(node: StoredNode, needed: number): Uint8Array {
  const { extent } = node
  if (extent.length >= needed) return extent
  const wanted = Math.max(2 * extent.length, SMALLEST_EXTENT, needed)
  const grown = new Uint8Array(Math.min(node.charged, wanted))
  grown.set(extent.subarray(0, node.length))
  node.extent = grown
  return grown
}

/** That page, with room for its first `needed` bytes, which are charged. */
function pageOf(node: StoredNode, index: number, needed: number): Uint8Array {
  const held = node.pages[index] ?? NO_BYTES
  if (held.length >= needed) return held
  const page = new Uint8Array(Math.min(PAGE, node.charged - node.extent.length - index * PAGE))
  page.set(held)
  node.pages[index] = page
  return page
}

/** Copies what is in the file from `at` on. Answers how many bytes that were. */
export function readBytes(node: StoredNode, into: Uint8Array, at: number): number {
  const count = Math.min(into.length, node.length - at)
  if (count <= 0) return 0
  const part = node.extent.subarray(at, at + count)
  into.set(part)
  if (part.length < count) readPages(node, into.subarray(part.length, count), at + part.length)
  return count
}

function readPages({ extent, pages }: StoredNode, into: Uint8Array, at: number): void {
  for (let done = 0; done < into.length; ) {
    const behind = at + done - extent.length
    const start = behind & IN_PAGE
    const end = done + Math.min(into.length - done, PAGE - start)
    const held = pages[behind >> PAGE_BITS] ?? NO_BYTES
    const part = held.subarray(start, start + end - done)
    into.set(part, done)
    into.fill(0, done + part.length, end)
    done = end
  }
}

/** Puts `bytes` there, which are charged. The file's length is the caller's. */
export function writeBytes(node: StoredNode, bytes: Uint8Array, at: number): void {
  const { extent, pages } = node
  const end = at + bytes.length
  if (end <= extent.length || (pages.length === 0 && at <= extent.length + PAGE)) {
    extentOf(node, end).set(bytes, at)
    return
  }
  const inExtent = Math.max(0, extent.length - at)
  if (inExtent > 0) extent.set(bytes.subarray(0, inExtent), at)
  writePages(node, bytes.subarray(inExtent), at + inExtent)
}

function writePages(node: StoredNode, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    const behind = at + done - node.extent.length
    const start = behind & IN_PAGE
    const count = Math.min(bytes.length - done, PAGE - start)
    const page = pageOf(node, behind >> PAGE_BITS, start + count)
    page.set(bytes.subarray(done, done + count), start)
    done += count
  }
}

/** Makes a file shorter. Nothing of what is cut comes back when it grows again. */
export function cutBytes(node: StoredNode, size: number): void {
  const { extent, pages } = node
  const behind = Math.max(0, size - extent.length)
  pages.length = Math.min(pages.length, Math.ceil(behind / PAGE))
  pages[behind >> PAGE_BITS]?.fill(0, behind & IN_PAGE)
  // To nothing, the extent goes as a whole.
  if (size === 0) node.extent = NO_BYTES
  else extent.fill(0, size, node.length)
  node.length = size
}

/** Lets go of what is held beyond the charge. Nothing of the file is there. */
export function fitBytes(node: StoredNode): void {
  const { charged, extent, pages } = node
  if (extent.length > charged) node.extent = extent.slice(0, charged)
  const behind = Math.max(0, charged - extent.length)
  const last = pages[behind >> PAGE_BITS]
  if (last !== undefined) pages[behind >> PAGE_BITS] = last.slice(0, behind & IN_PAGE)
}

/** All bytes of a file in order, in pieces that are valid until it changes. */
export function* piecesOf({ extent, pages, length }: StoredNode): Generator<Uint8Array> {
  yield extent.subarray(0, length)
  let zeros = NO_BYTES
  for (let at = extent.length; at < length; at += PAGE) {
    const size = Math.min(PAGE, length - at)
    const held = (pages[(at - extent.length) >> PAGE_BITS] ?? NO_BYTES).subarray(0, size)
    yield held
    if (held.length === size) continue
    if (zeros.length === 0) zeros = new Uint8Array(PAGE)
    yield zeros.subarray(held.length, size)
  }
}
