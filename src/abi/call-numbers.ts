import { BULKHEAD } from './bulkhead/table.ts'
import type { Row } from './preview1/row.ts'
import { PREVIEW1, PREVIEW1_COPYING } from './preview1/table.ts'
import { SNAPSHOT0 } from './snapshot0/table.ts'
import { WASIX } from './wasix/table.ts'
import { WASMEDGE } from './wasmedge/table.ts'

const TABLES = [PREVIEW1, SNAPSHOT0, WASMEDGE, PREVIEW1_COPYING, WASIX, BULKHEAD]
/** Every row of every table once: a call's number, the same on every thread, is its position. */
const ROWS: readonly Row[] = [...new Set<Row>(TABLES.flatMap((table) => Object.values<Row>(table)))]
const NUMBERS: ReadonlyMap<Row, number> = new Map(ROWS.map((row, number) => [row, number]))

/** Undefined for a row of no table: it is made where its caller is. */
export const numberOf = (row: Row): number | undefined => NUMBERS.get(row)
/** Undefined for a number that no call has. */
export const rowOf = (number: number): Row | undefined => ROWS[number]
