/** The tasks of the cell's building threads. */
export { buildRoot, meterModule } from './builder.ts'
