import type { APIError } from './api'
import type { Navigate } from './hooks'
import type { State } from './model/state'

/** Before the first event: how to get one in. */
export function Welcome() {
  return (
    <section class="welcome" aria-labelledby="welcome-title">
      <h2 id="welcome-title">No feedback yet</h2>
      <p>Send some, and it appears here within seconds.</p>
      <dl>
        <dt>A file of reviews or survey answers</dt>
        <dd><code>earshot feed reviews.csv --map text=review,rating=stars,occurred_at=date --set source=review</code></dd>
        <dt>Your own systems</dt>
        <dd>Write JSON events to the Kafka topic <code>feedback.events</code>; <a href="/api/v1/schema/event.json">the event's schema</a> says what goes in.</dd>
        <dt>Just looking</dt>
        <dd><code>earshot up --demo</code> streams the life of a made-up restaurant chain.</dd>
      </dl>
    </section>
  )
}

/** A store or server that does not answer, said once for the whole page. */
export function Banner({ error }: { error: APIError | null }) {
  if (!error) return null
  return (
    <div class="banner" role="alert">
      <strong>{error.status === 0 ? 'Connection lost.' : 'No fresh figures.'}</strong> <Message text={error.message} />. <span class="quiet">Trying again every 10 seconds.</span>
    </div>
  )
}

/** A message with its commands, which stand between backticks, set as code. */
function Message({ text }: { text: string }) {
  return <>{text.replace(/\.$/, '').split('`').map((part, i) => (i % 2 ? <code key={i}>{part}</code> : part))}</>
}

export function NoMatch({ state, navigate }: { state: State; navigate: Navigate }) {
  const filtered = Object.keys(state.filters).length > 0
  return (
    <section class="welcome">
      <h2>Nothing matches</h2>
      <p>No feedback in this period{filtered ? ' with these filters' : ''}.</p>
      <p class="row">
        {filtered && <button class="button" onClick={() => navigate((s) => ({ ...s, filters: {} }))}>Clear filters</button>}
        <button class="button" onClick={() => navigate((s) => ({ ...s, period: { span: 'all' } }))}>Show all time</button>
      </p>
    </section>
  )
}
