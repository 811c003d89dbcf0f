import { spawnCell } from '../../../src/cell/child/spawn.ts'

// A host that starts one cell from the file it is given, hands on what that says, and stays.
const [, , entry = ''] = process.argv
const cell = spawnCell(entry, (text) => process.stdout.write(text))
void cell.gone.then(() => process.exit(1))
setInterval(() => {}, 60_000)
