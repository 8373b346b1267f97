/** What the server said, or that it said nothing (status 0). */
export class APIError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message)
  }
}

export type Query = Record<string, string>

export async function get<T>(path: string, query: Query, signal: AbortSignal): Promise<T> {
  const response = await reach(url(path, query), signal)
  if (!response.ok) throw new APIError(await reason(response), response.status)
  return (await response.json()) as T
}

/** An address below /api/v1, parameters in a fixed order. */
export function url(path: string, query: Query): string {
  const params = new URLSearchParams(Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1)))
  const tail = params.toString()
  return `/api/v1/${path}${tail ? '?' + tail : ''}`
}

async function reach(address: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(address, { signal, headers: { accept: 'application/json' } })
  } catch (err) {
    if (signal.aborted) throw err
    throw new APIError('The server does not answer; see whether `earshot serve` or `earshot up` still runs', 0)
  }
}

async function reason(response: Response): Promise<string> {
  try {
    const body = (await response.json()) as { error?: { message?: string } }
    if (body.error?.message) return body.error.message
  } catch {
    // not JSON: a proxy answered
  }
  return `the server answered ${response.status}`
}
