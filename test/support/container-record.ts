import { ContainerId } from '../../src/contract/ids.ts'
import type { ContainerRecord } from '../../src/engine/container/container-record.ts'
import { type ContainerSpec, DEFAULT_LOG } from '../../src/engine/container/container-spec.ts'
import { GUEST } from './cell-jobs.ts'

const SPEC: ContainerSpec = {
  image: 'image',
  imageId: 'sha256:0',
  entrypoint: [],
  cmd: ['/bin/x'],
  env: ['A=b'],
  labels: {},
  tty: false,
  attachStdin: false,
  attachStdout: true,
  attachStderr: true,
  openStdin: false,
  stdinOnce: false,
  stopSignal: '',
  stopTimeout: undefined,
  restartPolicy: { name: 'no', maximumRetryCount: 0 },
  autoRemove: false,
  networkMode: 'bridge',
  networks: [],
  init: false,
  log: DEFAULT_LOG,
  limits: {},
  guest: { ...GUEST, args: ['/bin/x'], environment: ['PATH=/bin'] },
}

/** The record of a container, where only what matters is said. */
export const containerRecord = (
  own: Partial<Omit<ContainerRecord, 'spec'>> & { readonly spec?: Partial<ContainerSpec> } = {},
): ContainerRecord => ({
  id: ContainerId.fromRandom(new Uint8Array(32)),
  name: 'some_name',
  created: new Date(0),
  state: { status: 'created', last: undefined },
  restartCount: 0,
  stoppedByHand: false,
  ...own,
  spec: { ...SPEC, ...own.spec },
})
