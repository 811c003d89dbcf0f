/** One thing an operator may decide, and where it may be said. */
export interface Setting {
  /** As commander reads it. The key in a config file is its name in camel case. */
  readonly flag: string
  readonly variable: string
  readonly about: string
  /** Given as often as wanted: a list in a config file, between commas in a variable. */
  readonly many?: true
}

export const DEFAULT_LISTEN = 'tcp://127.0.0.1:2375'
export const DEFAULT_SLOTS = 256
export const MOST_SLOTS = 2_048

/** Every setting of a daemon, by its key. A flag comes before a variable, that before the file. */
export const SETTINGS = {
  listen: {
    flag: '--listen <ADDRESS>',
    variable: 'BULKHEAD_LISTEN',
    about: `tcp://HOST:PORT, unix://PATH or npipe:////./pipe/NAME (default ${DEFAULT_LISTEN})`,
    many: true,
  },
  dataDir: {
    flag: '--data-dir <DIR>',
    variable: 'BULKHEAD_DATA_DIR',
    about: 'where images and containers are kept, for one daemon at a time',
  },
  tokenFile: {
    flag: '--token-file <FILE>',
    variable: 'BULKHEAD_TOKEN_FILE',
    about: 'what clients must know; needed to listen beyond loopback',
  },
  slots: {
    flag: '--slots <NUMBER>',
    variable: 'BULKHEAD_SLOTS',
    about: `processes at once, 1 to ${MOST_SLOTS} (default ${DEFAULT_SLOTS})`,
  },
} as const satisfies Record<string, Setting>

export type SettingName = keyof typeof SETTINGS

/** Where the others may be said; not a setting itself, for it cannot be said there. */
export const CONFIG_FILE: Setting = {
  flag: '--config <FILE>',
  variable: 'BULKHEAD_CONFIG',
  about: 'JSON with any of the settings, by key; a path in it begins where the file is',
}
