/** A name as users write it: clients send it with the registry that Docker means by none. */
export const familiarName = (name: string): string =>
  name.replace(/^(docker\.io\/)?(library\/)?/, '')
