import type { Containers } from '../../../engine/engine.ts'
import type { Handler } from '../context.ts'
import { sendBytes } from '../stream.ts'
import { TAR } from './archive.ts'
import { referenceOf } from './verbs.ts'

/** 200, 404. */
export const exportContainer =
  (containers: Pick<Containers, 'resolve' | 'exportRoot'>): Handler =>
  async (c) => {
    const bytes = await containers.exportRoot(containers.resolve(referenceOf(c)))
    return sendBytes(c, { 'Content-Type': TAR }, bytes)
  }
