/** The library's door. What is exported here is a promise. */
export { EngineError, type ErrorCode, type ErrorKind } from './contract/errors.ts'
export type { EndReason, Usage } from './contract/exit.ts'
export type { OomPolicy } from './contract/limits.ts'
export { FilesTooLargeError } from './engine/container/files-too-large.ts'
export type { LogEntry } from './engine/container/log/log-entry.ts'
export type {
  LimitsSpec,
  Mount,
  OutputSpec,
  RunResult,
  RunSpec,
} from './engine/container/run-spec.ts'
export type { WaitResult } from './engine/container/waits.ts'
export type { Container, LogOptions, StopOptions, Waiting } from './host/containers/container.ts'
export type { ContainerSpec } from './host/containers/container-spec.ts'
export type { Containers } from './host/containers/containers.ts'
export type { ExecResult, ExecSpec } from './host/containers/exec.ts'
export { createHost, type Host, type HostOptions, type Images } from './host/create-host.ts'
