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
  return read(await reach(url(path, query), { signal, headers: { accept: 'application/json' } }))
}

export async function post<T>(path: string, body: unknown): Promise<T> {
  return read(await reach(url(path, {}), { method: 'POST', headers: { accept: 'application/json', 'content-type': 'application/json' }, body: JSON.stringify(body) }))
}

async function read<T>(response: Response): Promise<T> {
  if (!response.ok) throw new APIError(await reason(response), response.status)
  return (await response.json()) as T
}

/** An address below /api/v1, parameters in a fixed order. */
export function url(path: string, query: Query): string {
  const params = new URLSearchParams(Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1)))
  const tail = params.toString()
  return `/api/v1/${path}${tail ? '?' + tail : ''}`
}

async function reach(address: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(address, request)
  } catch (err) {
    if (request.signal?.aborted) throw err
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
