declare const brand: unique symbol
/** A `Base` that was checked: only the functions beside the type make one. */
type Brand<Base, Name extends string> = Base & { readonly [brand]: Name }

/** 64 lowercase hex digits: 256 random bits, as `docker ps --no-trunc` prints them. */
export type ContainerId = Brand<string, 'ContainerId'>

const ID = /^[0-9a-f]{64}$/

/** The only two ways to a ContainerId. Randomness is an argument: this layer imports nothing. */
export const ContainerId = {
  /** @param bytes - 32 random ones. */
  fromRandom: (bytes: Uint8Array): ContainerId =>
    Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('') as ContainerId,
  parse: (text: string): ContainerId | undefined =>
    ID.test(text) ? (text as ContainerId) : undefined,
}

/** The twelve digits that docker shows, and a container's host name unless it has another. */
export const shortId = (id: string): string => id.replace(/^sha256:/, '').slice(0, 12)
