const EXIT_OF_SIGNAL = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

type Name = keyof typeof EXIT_OF_SIGNAL

export interface Interruption {
  readonly signal: AbortSignal
  /** The shell's code for a command that this signal ended. Throws any other error again. */
  exitCodeFor(error: unknown): number
  stop(): void
}

/** A first signal ends what the command does; the command then ends by itself. */
export function abortOnSignal(): Interruption {
  const controller = new AbortController()
  let received: Name | undefined
  const abort = (name: Name): void => {
    received = name
    controller.abort(name)
  }
  const names: readonly Name[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const name of names) process.once(name, abort)
  return {
    signal: controller.signal,
    exitCodeFor: (error) => {
      if (received === undefined || error !== received) throw error
      return EXIT_OF_SIGNAL[received]
    },
    stop: () => {
      for (const name of names) process.off(name, abort)
    },
  }
}
