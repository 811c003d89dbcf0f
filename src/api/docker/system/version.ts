import { NEWEST, OLDEST, textOf } from '../api-version.ts'
import type { Handler, SystemFacts } from '../context.ts'
import { json } from '../json.ts'

/** 200. `Os` stays `linux` on every host: clients decide by it. */
export const systemVersion =
  (facts: SystemFacts): Handler =>
  () => {
    const details = {
      ApiVersion: textOf(NEWEST),
      MinAPIVersion: textOf(OLDEST),
      Os: 'linux',
      Arch: facts.architecture,
      NodeVersion: facts.nodeVersion,
    }
    return json({
      Platform: { Name: 'bulkhead' },
      Components: [{ Name: 'Engine', Version: facts.version, Details: details }],
      Version: facts.version,
      ...details,
      GitCommit: '',
      GoVersion: '',
      KernelVersion: '',
      BuildTime: '',
    })
  }
