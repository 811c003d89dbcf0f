/** The library's door. What is exported here is a promise. */
export { EngineError, type ErrorCode, type ErrorKind } from './contract/errors.ts'
export type { EndReason, Usage } from './contract/exit.ts'
export type { OomPolicy } from './contract/limits.ts'
export type {
  LimitsSpec,
  Mount,
  OutputSpec,
  RunResult,
  RunSpec,
} from './engine/container/run-spec.ts'
export { createHost, type Host, type HostOptions, type Images } from './host/create-host.ts'
