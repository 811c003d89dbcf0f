import type { Container } from '../../../engine/container/container.ts'
import type { ContainerRecord } from '../../../engine/container/container-record.ts'
import type { Containers, Images, Networks } from '../../../engine/engine.ts'
import type { AttachedNetwork } from '../../../engine/network/attachments.ts'
import type { Handler } from '../context.ts'
import {
  anyOf,
  checkEach,
  type Filters,
  isYes,
  labelsFit,
  nameFits,
  parseFilters,
  YES_OR_NO,
} from '../filters.ts'
import { json } from '../json.ts'
import { flag, integer } from '../query.ts'
import { unixSeconds } from '../time.ts'
import { HEALTH_NAMES, healthName } from './health-shape.ts'
import { mountShapes } from './mounts-shape.ts'
import { networksShape } from './networks-shape.ts'
import { sizeShape } from './size-shape.ts'
import { lastOf, statusText } from './state.ts'

const KNOWN = [
  ...['name', 'id', 'label', 'status', 'exited', 'health', 'ancestor', 'network', 'volume'],
  ...['before', 'since', 'publish', 'expose', 'is-task'],
]
const RUNNING = ['running', 'paused', 'restarting']
const STATUSES = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']

/** Path and arguments; one with blanks stands in quotes. */
export const commandText = (args: readonly string[]): string =>
  args.map((one) => (/\s/.test(one) ? `'${one}'` : one)).join(' ')

type NetworksOf = Pick<Networks, 'ofContainer'>

const listShape = ({ record }: Container, networks: NetworksOf, now: Date) => {
  const { id, name, created, spec, state, health } = record
  return {
    Id: id,
    Names: [`/${name}`],
    Image: spec.image,
    ImageID: spec.imageId,
    Command: commandText(spec.guest.args),
    Created: unixSeconds(created),
    Ports: [],
    Labels: spec.labels,
    State: state.status,
    Status: statusText(state, now, health),
    HostConfig: { NetworkMode: spec.networkMode },
    NetworkSettings: { Networks: networksShape(networks, record) },
    Mounts: mountShapes(spec.guest.mounts),
  }
}

/** By its name, or by the beginning of its id. */
const isOn = (attached: readonly AttachedNetwork[], wanted: string): boolean =>
  attached.some(
    ({ attachment, network }) =>
      (network?.name ?? attachment.network) === wanted ||
      (wanted !== '' && network?.id.startsWith(wanted) === true),
  )

const ranAndExited = (record: ContainerRecord, wanted: string): boolean => {
  const last = lastOf(record.state)
  return record.state.status === 'exited' && last !== undefined && String(last.code) === wanted
}

function fits(container: Container, filters: Filters, networks: NetworksOf): boolean {
  const { record } = container
  const { id, name, spec, state } = record
  return (
    anyOf(filters, 'id', (wanted) => nameFits(id, wanted)) &&
    anyOf(filters, 'name', (wanted) => nameFits(name, wanted) || nameFits(`/${name}`, wanted)) &&
    anyOf(filters, 'status', (wanted) => wanted === state.status) &&
    anyOf(filters, 'exited', (wanted) => ranAndExited(record, wanted)) &&
    anyOf(filters, 'health', (wanted) => wanted === healthName(record)) &&
    anyOf(filters, 'is-task', (wanted) => !isYes(wanted)) &&
    // Nothing has ports yet: `Ports` is empty.
    anyOf(filters, 'publish', () => false) &&
    anyOf(filters, 'expose', () => false) &&
    anyOf(filters, 'ancestor', (wanted) => isImage(spec.image, spec.imageId, wanted)) &&
    anyOf(filters, 'network', (wanted) => isOn(networks.ofContainer(record), wanted)) &&
    anyOf(filters, 'volume', (wanted) => hasMount(record, wanted)) &&
    labelsFit(filters, spec.labels)
  )
}

const withTag = (name: string): string => (/:[^/]*$/.test(name) ? name : `${name}:latest`)

const isImage = (image: string, id: string, wanted: string): boolean =>
  withTag(image) === withTag(wanted) ||
  (wanted.length >= 4 && id.replace('sha256:', '').startsWith(wanted.replace('sha256:', '')))

const hasMount = ({ spec }: ContainerRecord, wanted: string): boolean =>
  spec.guest.mounts.some(
    (mount) =>
      mount.target === wanted ||
      (mount.type === 'bind' && (mount.volume === wanted || mount.source === wanted)),
  )

/** A port or a range of them, and a protocol perhaps. */
const PORTS = /^\d{1,5}(-\d{1,5})?(\/(tcp|udp|sctp))?$/i
const WELL_FORMED: Readonly<Record<string, RegExp>> = {
  exited: /^[+-]?\d+$/,
  'is-task': YES_OR_NO,
  publish: PORTS,
  expose: PORTS,
}

function checkValues(filters: Filters): void {
  for (const [key, form] of Object.entries(WELL_FORMED)) {
    checkEach(filters, key, (value) => form.test(value))
  }
  checkEach(filters, 'health', (health) => HEALTH_NAMES.includes(health))
  checkEach(filters, 'status', (status) => STATUSES.includes(status))
}

const createdAt = ({ record }: Container): number => record.created.getTime()

/** 200, newest first; only what runs unless `all`, `limit` or a status is asked for. 400. */
export const listContainers =
  (
    containers: Pick<Containers, 'list' | 'resolve' | 'size'>,
    networks: NetworksOf,
    images: Pick<Images, 'list'>,
    now: () => Date,
  ): Handler =>
  async (c) => {
    const filters = parseFilters(c.req.query('filters'), KNOWN)
    checkValues(filters)
    const limit = integer('limit', c.req.query('limit')) ?? 0
    const all = flag(c.req.query('all')) || limit > 0 || filters.has('status')
    const createdOf = (reference: string): number => createdAt(containers.resolve(reference))
    const before = filters.get('before')?.map(createdOf)
    const after = filters.get('since')?.map(createdOf)
    const shown = containers
      .list()
      .filter(({ record }) => all || RUNNING.includes(record.state.status))
      .filter((container) => fits(container, filters, networks))
      .filter((one) => before === undefined || before.some((at) => createdAt(one) < at))
      .filter((one) => after === undefined || after.some((at) => createdAt(one) > at))
    const chosen = limit > 0 ? shown.slice(0, limit) : shown
    const sized = flag(c.req.query('size'))
    const shapes: object[] = []
    for (const container of chosen) {
      // One after another: each is read into memory for it.
      const sizes = sized ? await sizeShape(containers, images, container.record) : {}
      shapes.push({ ...listShape(container, networks, now()), ...sizes })
    }
    return json(shapes)
  }
