import { NEWEST, OLDEST, textOf } from '../api-version.ts'
import type { Handler, SystemFacts } from '../context.ts'
import { json } from '../json.ts'

/** Go's names for what uname(1) tells: clients expect those here. */
const GO_ARCHITECTURE: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64' }

/** 200. `Os` stays `linux` on every host: clients decide by it. */
export const systemVersion =
  (facts: SystemFacts): Handler =>
  () => {
    const details = {
      ApiVersion: textOf(NEWEST),
      MinAPIVersion: textOf(OLDEST),
      Os: 'linux',
      Arch: GO_ARCHITECTURE[facts.architecture] ?? facts.architecture,
      NodeVersion: facts.nodeVersion,
    }
    return json({
      Platform: { Name: 'bulkhead' },
      Components: [
        { Name: 'Engine', Version: facts.version, Details: { ...details, Experimental: 'false' } },
      ],
      Version: facts.version,
      ...details,
      Experimental: false,
      GitCommit: '',
      GoVersion: '',
      KernelVersion: '',
      BuildTime: '',
    })
  }
