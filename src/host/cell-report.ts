import type { CellReport } from '../cell/child/supervisor.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'

/** Tells the operator what becomes of a cell's process. */
export const cellReporter =
  (logger: Pick<Logger, 'info'>, metrics: Pick<Metrics, 'cellEnded'>) =>
  (report: CellReport): void => {
    switch (report.event) {
      case 'up':
        logger.info('cell up', { pid: report.pid, startMs: Math.round(report.startMs) })
        return
      case 'down': {
        const { pid, cause, death, retryMs } = report
        if (cause !== 'closed') metrics.cellEnded(cause)
        logger.info('cell down', { pid, cause, ...death, retryMs })
        return
      }
      case 'said':
        logger.info('cell stderr', { text: report.text })
    }
  }
