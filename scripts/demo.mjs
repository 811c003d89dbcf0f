// The first thing a new user sees: CPython computing something inside a container.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const CLI = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
const PROGRAM = [
  'import platform, math',
  'print("CPython", platform.python_version(), "on", platform.machine() or "wasm32", "says:")',
  'print("20! =", math.factorial(20))',
].join('\n')

const { status } = spawnSync(process.execPath, [CLI, 'run', '--usage', 'python', '-c', PROGRAM], {
  stdio: 'inherit',
})
process.exitCode = status ?? 1
