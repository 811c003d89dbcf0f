// One worker of npm-clang.mjs: runs clang on files in memory, as often as it is asked.
import { parentPort } from 'node:worker_threads'
import { runClang } from '@yowasp/clang'

/** The files named `outputs`, or, where clang fails, its text. */
async function answer({ args, files, outputs }) {
  let text = ''
  const stderr = (bytes) => {
    if (bytes) text += new TextDecoder().decode(bytes)
  }
  try {
    const built = await runClang(['clang', ...args], files, { stderr, fetchProgress: () => {} })
    return { built: outputs.map((name) => built[name]) }
  } catch (error) {
    return { failure: text || error.message }
  }
}

parentPort.on('message', async (request) => parentPort.postMessage(await answer(request)))
