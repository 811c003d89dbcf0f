import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registryOptions } from '../../../../src/engine/image/npm-registry.ts'

let directory = ''
let user = ''
const ca = () => join(directory, 'ca.pem')
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'npmrc-'))
  user = join(directory, 'user')
  writeFileSync(ca(), 'CERTIFICATE')
  writeFileSync(
    user,
    'registry=https://user.example/\nproxy = http://proxy.example\n; comment\ncafile=$' + '{CA}\n',
  )
  writeFileSync(
    join(directory, '.npmrc'),
    '@scope:registry=https://scope.example/\n//scope.example/:_authToken=$' +
      '{TOKEN}\nstrict-ssl=false\n',
  )
})
afterAll(() => rmSync(directory, { recursive: true }))

const options = (environment: NodeJS.ProcessEnv = {}) =>
  registryOptions(
    { npm_config_userconfig: user, CA: ca(), TOKEN: 'secret', ...environment },
    directory,
  )

describe('registryOptions', () => {
  it('are what npm would take from its files', () => {
    expect(options()).toMatchObject({
      registry: 'https://user.example/',
      proxy: 'http://proxy.example',
      ca: 'CERTIFICATE',
      '@scope:registry': 'https://scope.example/',
      '//scope.example/:_authToken': 'secret',
      strictSSL: false,
    })
  })
  it('let the environment win', () => {
    const environment = {
      npm_config_registry: 'https://environment.example/',
      NPM_CONFIG_HTTPS_PROXY: 'http://other.example',
      npm_config_fetch_retries: '7',
      npm_config_strict_ssl: 'true',
      npm_config_cafile: join(directory, 'none'),
    }
    expect(options(environment)).toMatchObject({
      registry: 'https://environment.example/',
      httpsProxy: 'http://other.example',
      fetchRetries: 7,
      strictSSL: true,
    })
    expect(options(environment)).not.toHaveProperty('ca')
  })
  it('are the public registry where nothing says otherwise', () => {
    const nowhere = join(directory, 'nowhere')
    expect(registryOptions({ npm_config_userconfig: nowhere }, nowhere)).toMatchObject({
      registry: 'https://registry.npmjs.org/',
      strictSSL: true,
    })
  })
})
