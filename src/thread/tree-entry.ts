/** The tasks of the cell's threads for trees in which nothing runs. */
export { stageTask, treeTask } from './tree/tree-task.ts'
