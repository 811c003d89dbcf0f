import { expect, it } from 'vitest'
import { BARE_CONFIG, type ImageConfig } from '../../../../src/engine/container/root-source.ts'
import { changedConfig } from '../../../../src/engine/image/config-changes.ts'

const CONFIG = {
  ...BARE_CONFIG,
  Cmd: ['old'],
  Env: ['A=1', 'B=2'],
  WorkingDir: '/w',
  Labels: { l: '1' },
  Volumes: { '/old': {} },
}

it.each<[string, Partial<ImageConfig>]>([
  ['CMD ["a", "b c"]', { Cmd: ['a', 'b c'] }],
  ['CMD echo $HOME', { Cmd: ['/bin/sh', '-c', 'echo $HOME'] }],
  ['cmd ["a"]', { Cmd: ['a'] }],
  ['CMD [not json', { Cmd: ['/bin/sh', '-c', '[not json'] }],
  ['ENTRYPOINT ["e"]', { Entrypoint: ['e'], Cmd: [] }],
  ['CMD ["a"]\nENTRYPOINT ["e"]', { Entrypoint: ['e'], Cmd: ['a'] }],
  ['ENTRYPOINT []\nCMD ["a"]', { Entrypoint: [], Cmd: ['a'] }],
  ['ONBUILD RUN make\nonbuild copy . /', { OnBuild: ['RUN make', 'copy . /'] }],
  ['ENV B=3 C="x y" D=a\\ b', { Env: ['A=1', 'B=3', 'C=x y', 'D=a b'] }],
  ['ENV A the rest', { Env: ['A=the rest', 'B=2'] }],
  ['LABEL m=2 "n o"=3', { Labels: { l: '1', m: '2', 'n o': '3' } as never }],
  ['USER ann:users', { User: 'ann:users' }],
  ['WORKDIR /new', { WorkingDir: '/new' }],
  ['WORKDIR below', { WorkingDir: '/w/below' }],
  ['VOLUME /a "/b c"', { Volumes: { '/old': {}, '/a': {}, '/b c': {} } }],
  ['VOLUME ["/a"]', { Volumes: { '/old': {}, '/a': {} } }],
  ['EXPOSE 80 53/udp', { ExposedPorts: { '80/tcp': {}, '53/udp': {} } }],
  ['STOPSIGNAL SIGINT', { StopSignal: 'SIGINT' }],
  ['USER ann\nWORKDIR /x', { User: 'ann', WorkingDir: '/x' }],
  ['HEALTHCHECK CMD curl -f x', { Healthcheck: { Test: ['CMD-SHELL', 'curl -f x'] } }],
  ['HEALTHCHECK NONE', { Healthcheck: { Test: ['NONE'] } }],
  [
    'HEALTHCHECK --interval=1m30s --timeout=500ms --start-period=1h --start-interval=1s --retries=2 CMD ["a"]',
    {
      Healthcheck: {
        Interval: 90_000_000_000,
        Timeout: 500_000_000,
        StartPeriod: 3_600_000_000_000,
        StartInterval: 1_000_000_000,
        Retries: 2,
        Test: ['CMD', 'a'],
      },
    },
  ],
  ['', {}],
])('%j changes an image as in a Dockerfile', (line, changes) => {
  expect(changedConfig(CONFIG, [line])).toEqual({ ...CONFIG, ...changes })
})
it.each([
  ['CMD echo $HOME', { Cmd: ['/bin/own', '-c', 'echo $HOME'] }],
  ['ENTRYPOINT e $X', { Entrypoint: ['/bin/own', '-c', 'e $X'], Cmd: [] }],
  ['ENTRYPOINT ["e"]', { Entrypoint: ['e'], Cmd: [] }],
])('%j is run by the shell that the image has', (line, changes) => {
  const config = { ...CONFIG, Shell: ['/bin/own', '-c'] }
  expect(changedConfig(config, [line])).toEqual({ ...config, ...changes })
})
it.each([
  ['RUN ls', 'RUN is not a valid change command'],
  ['constructor x', 'CONSTRUCTOR is not a valid change command'],
  ['ENV A', 'ENV must have two arguments'],
  ['ENV A=1 B', "can't find = in"],
  ['VOLUME', 'VOLUME requires at least one argument'],
  ['VOLUME []', 'VOLUME requires at least one argument'],
  ['VOLUME here', 'VOLUME must be an absolute path'],
  ['EXPOSE 0', 'invalid containerPort: 0'],
  ['EXPOSE 70000', 'invalid containerPort: 70000'],
  ['EXPOSE 80/icmp', 'invalid containerPort: 80/icmp'],
  ['STOPSIGNAL NOPE', 'invalid signal: NOPE'],
  ['LABEL =x', "can't find = in"],
  ['HEALTHCHECK', 'HEALTHCHECK requires at least one argument'],
  ['ONBUILD', 'ONBUILD requires at least one argument'],
  ['ONBUILD ONBUILD RUN x', "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"],
  ['ONBUILD FROM x', "FROM isn't allowed as an ONBUILD trigger"],
  ['HEALTHCHECK CMD', 'Missing command after HEALTHCHECK CMD'],
  ['HEALTHCHECK NONE x', 'HEALTHCHECK NONE takes no arguments'],
  ['HEALTHCHECK PING x', 'Unknown type "PING" in HEALTHCHECK (try CMD)'],
  ['HEALTHCHECK --constructor=1 CMD x', 'Unknown flag: constructor'],
  ['HEALTHCHECK --interval=5 CMD x', 'invalid duration "5" of --interval'],
  ['HEALTHCHECK --interval=0.5ms CMD x', 'Interval in Healthcheck cannot be less than 1ms'],
  ['HEALTHCHECK --retries=-1 CMD x', '--retries cannot be "-1"'],
])('%j is refused', (line, text) => {
  expect(() => changedConfig(CONFIG, [line])).toThrow(text)
})
