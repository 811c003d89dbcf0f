import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where images and rewritten modules are kept unless the caller says otherwise:
 * `BULKHEAD_DATA_DIR`, else the place each platform has for an application's data.
 *
 * @source XDG Base Directory Specification; Apple File System Programming Guide; Windows known folders
 */
export function defaultDataDirectory(
  environment: Readonly<NodeJS.ProcessEnv> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const own = environment['BULKHEAD_DATA_DIR']
  if (own !== undefined && own !== '') return own
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'bulkhead')
  if (platform === 'win32') {
    return join(environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'bulkhead')
  }
  return join(environment['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'bulkhead')
}
