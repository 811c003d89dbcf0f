import { Socket } from 'node:net'
import { LIFELINE_FD } from './lifeline.ts'

// Nothing is ever sent here: what comes is the end, when the host has closed it or died.
const lifeline = new Socket({ fd: LIFELINE_FD })
lifeline.on('error', () => {})
lifeline.once('end', () => lifeline.destroy())
// Not process.exit: of a thread it ends the thread alone.
lifeline.once('close', () => process.kill(process.pid, 'SIGKILL'))
lifeline.resume()
