const ADJECTIVES = [
  ...['able', 'afloat', 'amber', 'ample', 'brave', 'breezy', 'bright', 'brisk', 'calm', 'candid'],
  ...['clear', 'clever', 'cosy', 'crisp', 'daring', 'deft', 'eager', 'early', 'fair', 'fearless'],
  ...['fleet', 'fond', 'frank', 'fresh', 'gentle', 'glad', 'golden', 'hardy', 'keen', 'kind'],
  ...['lively', 'lucid', 'merry', 'mild', 'nimble', 'noble', 'patient', 'plucky', 'quiet', 'ready'],
  ...['salty', 'sharp', 'sleek', 'smooth', 'steady', 'sturdy', 'sunny', 'swift', 'trusty', 'witty'],
]
/** Parts of ships, and what is found near them. */
const NOUNS = [
  ...['albatross', 'anchor', 'ballast', 'barge', 'beacon', 'binnacle', 'boom', 'bosun', 'bow'],
  ...['bowsprit', 'buoy', 'cabin', 'capstan', 'clipper', 'compass', 'coracle', 'cutter', 'deck'],
  ...['dolphin', 'ferry', 'galley', 'gannet', 'harbour', 'hatch', 'helm', 'hull', 'jib', 'keel'],
  ...[
    'ketch',
    'lagoon',
    'lantern',
    'lighthouse',
    'lugger',
    'mainsail',
    'mast',
    'mizzen',
    'narwhal',
  ],
  ...['oar', 'pier', 'porthole', 'puffin', 'rigging', 'rudder', 'schooner', 'sextant', 'skiff'],
  ...['sloop', 'spinnaker', 'starboard', 'tern', 'tiller', 'trawler', 'wharf', 'windlass', 'yawl'],
]

/** A number behind it, once the plain names run out. */
const PLAIN_TRIES = 6

const pick = (words: readonly string[], random: () => number): string =>
  words[Math.floor(random() * words.length)] ?? ''

/** `adjective_noun`, as Docker names what nobody named; `taken` ones get a number. */
export function randomName(random: () => number, taken: (name: string) => boolean): string {
  for (let attempt = 0; ; attempt += 1) {
    const suffix = attempt < PLAIN_TRIES ? '' : String(Math.floor(random() * 10 ** (attempt - 4)))
    const name = `${pick(ADJECTIVES, random)}_${pick(NOUNS, random)}${suffix}`
    if (!taken(name)) return name
  }
}
