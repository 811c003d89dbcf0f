import type { ToolCase } from '../tool-case.ts'
import { pick } from './text-inputs.ts'

export const TR: readonly ToolCase[] = [
  { name: 'echo abc | tr a-z A-Z', script: 'echo abc | tr a-z A-Z' },
  { name: 'echo abc | tr -d b', script: 'echo abc | tr -d b' },
  { name: 'echo aabbcc | tr -s a-c', script: 'echo aabbcc | tr -s a-c', files: pick('s', 'c') },
  { name: 'echo aabbcc | tr -s a-c x', script: 'echo aabbcc | tr -s a-c x', files: pick('s', 'c') },
  {
    name: "echo hello | tr '[:lower:]' '[:upper:]'",
    script: "echo hello | tr '[:lower:]' '[:upper:]'",
  },
  { name: 'echo abc | tr -c a X', script: 'echo abc | tr -c a X', files: pick('c') },
  { name: 'echo abc | tr -cd a', script: 'echo abc | tr -cd a' },
  { name: "echo 'a b' | tr ' ' '\\n'", script: "echo 'a b' | tr ' ' '\\n'" },
  { name: 'echo abc | tr abc x', script: 'echo abc | tr abc x' },
  { name: 'echo abc | tr -t abc x', script: 'echo abc | tr -t abc x' },
  { name: "echo abc | tr a '\\101'", script: "echo abc | tr a '\\101'" },
  { name: "echo abc | tr 'abc' '[x*]'", script: "echo abc | tr 'abc' '[x*]'" },
  { name: "echo abc | tr 'abc' '[x*2]y'", script: "echo abc | tr 'abc' '[x*2]y'" },
  { name: 'echo abc | tr z-a x', script: 'echo abc | tr z-a x' },
  { name: 'echo a | tr', script: 'echo a | tr' },
  { name: 'echo a | tr a', script: 'echo a | tr a' },
  { name: 'echo a | tr -d a b', script: 'echo a | tr -d a b' },
  { name: "echo abc | tr '[:foo:]' x", script: "echo abc | tr '[:foo:]' x" },
  { name: "printf 'a\\0b' | tr '\\0' x", script: "printf 'a\\0b' | tr '\\0' x" },
  { name: "echo 'a-b' | tr 'a\\-b' xyz", script: "echo 'a-b' | tr 'a\\-b' xyz" },
  {
    name: "echo aXb1 | tr -d '[:digit:][:upper:]'",
    script: "echo aXb1 | tr -d '[:digit:][:upper:]'",
  },
  {
    name: "echo 'foo bar' | tr -s '[:space:]' '\\n'",
    script: "echo 'foo  bar' | tr -s '[:space:]' '\\n'",
    files: pick('s'),
  },
  { name: 'echo aabb | tr -ds a b', script: 'echo aabb | tr -ds a b' },
]
