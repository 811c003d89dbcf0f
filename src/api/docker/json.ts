/**
 * A JSON response as dockerd sends it: exactly this content type (a charset keeps Go's client from
 * reading errors), and a newline at the end.
 */
export const json = (value: unknown, status = 200): Response =>
  new Response(`${JSON.stringify(value)}\n`, {
    status,
    headers: { 'Content-Type': 'application/json' },
  })

/** A status that says everything. */
export const empty = (status: 200 | 201 | 204 | 304): Response =>
  new Response(null, { status, headers: status === 204 ? {} : { 'Content-Length': '0' } })
