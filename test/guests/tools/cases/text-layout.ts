import type { ToolCase } from '../tool-case.ts'
import { pick } from './text-inputs.ts'

export const LAYOUT: readonly ToolCase[] = [
  { name: 'nl para', script: 'nl para', files: pick('para') },
  { name: 'nl -ba para', script: 'nl -ba para', files: pick('para') },
  { name: 'nl -ba -w3 -s: para', script: 'nl -ba -w3 -s: para', files: pick('s', 'para') },
  { name: 'nl -nln para', script: 'nl -nln para', files: pick('para') },
  { name: 'nl -nrz -v 5 -i 10 s', script: 'nl -nrz -v 5 -i 10 s', files: pick('s') },
  { name: 'nl -b pis para', script: 'nl -b pis para', files: pick('para') },
  { name: 'nl -bn s', script: 'nl -bn s', files: pick('s') },
  {
    name: "printf '\\\\:\\\\:\\\\:\\nh\\n\\\\:\\\\:\\nb\\n\\\\:\\nf\\n' | nl -h a -f a",
    script: "printf '\\\\:\\\\:\\\\:\\nh\\n\\\\:\\\\:\\nb\\n\\\\:\\nf\\n' | nl -h a -f a",
  },
  { name: 'fold -w 10 para', script: 'fold -w 10 para', files: pick('para') },
  { name: 'fold -s -w 20 para', script: 'fold -s -w 20 para', files: pick('s', 'para') },
  { name: 'fold -20 para', script: 'fold -20 para', files: pick('para') },
  { name: "printf 'a\\tb\\tc\\n' | fold -w 9", script: "printf 'a\\tb\\tc\\n' | fold -w 9" },
  { name: "printf 'a\\tb\\tc\\n' | fold -b -w 2", script: "printf 'a\\tb\\tc\\n' | fold -b -w 2" },
  { name: 'fold -w 0 s', script: 'fold -w 0 s', files: pick('s') },
  { name: 'fold ne', script: 'fold ne', files: pick('ne') },
]
