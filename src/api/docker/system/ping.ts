import type { Handler } from '../context.ts'

/** `Builder-Version: 1`: the classic builder. @source engine API reference, 4 */
const HEADERS = {
  'Content-Type': 'text/plain; charset=utf-8',
  'Builder-Version': '1',
  Swarm: 'inactive',
  'Cache-Control': 'no-cache, no-store, must-revalidate',
  Pragma: 'no-cache',
}

/** 200. HEAD and GET; the first thing every client asks. */
export const ping: Handler = (c) =>
  new Response(c.env.incoming.method === 'HEAD' ? null : 'OK', { headers: HEADERS })
