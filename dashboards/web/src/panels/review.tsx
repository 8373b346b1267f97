import { useEffect, useRef, useState } from 'preact/hooks'
import { APIError, post } from '../api'
import { Drawer } from '../drawer'
import { useResource, type Navigate, type Resource } from '../hooks'
import { CloseIcon } from '../icons'
import { capital, channelName, count, moment, topicName } from '../model/format'
import { answered, intervalText, markedText, nextText, sampleQuery, type Answer, type Given, type ReviewBody, type ReviewText, type TopicShare } from '../model/review'
import type { State } from '../model/state'
import { Skeleton } from '../panel'
import './review.css'

interface Props {
  state: State
  query: Record<string, string>
  shares: Resource<{ topics: TopicShare[] }>
  navigate: Navigate
  stored: () => void // an answer was stored, or taken back
}

/** People say whether texts speak of a topic; from their answers its share is corrected. */
export function Review({ state, navigate, ...rest }: Props) {
  const close = () => navigate((s) => ({ ...s, review: null }))
  return (
    <Drawer open={state.review !== null} titleId="review-title" class="review" close={close}>
      {state.review !== null && <Content key={state.review} topic={state.review} close={close} {...rest} />}
    </Drawer>
  )
}

function Content({ topic, query, shares, stored, close }: Omit<Props, 'state' | 'navigate'> & { topic: string; close: () => void }) {
  const [round, setRound] = useState(0)
  const [given, setGiven] = useState<Given[]>([])
  const [again, setAgain] = useState<Given | null>(null) // taken back: it is asked again, whatever comes next
  const sample = useResource<ReviewBody>('reviews/sample', sampleQuery(query, topic), round)
  const body = sample.data
  const text = again?.text ?? (body && nextText(body, given))
  const name = again?.topic ?? body?.topic ?? ''
  const used = body !== null && text === null && given.some((g) => g.body === body)
  useEffect(() => {
    if (used) setRound((n) => n + 1)
  }, [used])

  const { send, error } = useSender(stored)
  const answer = async (answer: Answer) => {
    if (!body?.writable || !text) return
    if (!(await send(name, text, answer))) return
    setGiven((list) => [...list, { body, topic: name, text, answer }])
    setAgain(null)
  }
  const undo = async () => {
    const last = given.at(-1)
    if (!last || !(await send(last.topic, last.text, 'undone'))) return
    setGiven((list) => list.slice(0, -1))
    setAgain(last)
    setRound((n) => n + 1)
  }
  useKeys({ y: () => answer('yes'), n: () => answer('no'), s: () => answer('skip'), u: undo })

  const share = shares.data?.topics.find((t) => t.topic === name)
  return (
    <>
      <header class="drawer-head">
        <div>
          <h2 id="review-title" tabIndex={-1}>{name ? `Review: ${topicName(name)}` : 'Review of topics'}</h2>
          {body && name && <Progress body={body} done={answered(body, given)} />}
        </div>
        <button class="icon-button" onClick={close} aria-label="Close"><CloseIcon /></button>
      </header>
      <div class="drawer-body" aria-busy={sample.loading || used}>
        {body === null || used ? <Waiting error={sample.error} /> : text ? <Question topic={name} text={text} /> : <p class="note" role="status">{nothingLeft(body)}</p>}
        {body?.message && <p class="review-said" role="status">{capital(body.message)}</p>}
        {error && <p class="review-said is-bad" role="alert">{error}</p>}
        {share && <Corrected share={share} />}
      </div>
      {body?.writable && <Buttons asked={text !== null} undoable={given.length > 0} answer={answer} undo={undo} />}
    </>
  )
}

/** Sends one answer at a time. */
function useSender(stored: () => void) {
  const busy = useRef(false)
  const [error, setError] = useState<string | null>(null)
  const send = async (topic: string, text: ReviewText, answer: Answer | 'undone'): Promise<boolean> => {
    if (busy.current) return false
    busy.current = true
    try {
      await post('reviews', { topic, event_id: text.event_id, answer })
      setError(null)
      stored()
      return true
    } catch (err) {
      setError(`Not stored: ${err instanceof APIError ? err.message : String(err)}`)
      return false
    } finally {
      busy.current = false
    }
  }
  return { send, error }
}

/** Calls what a letter stands for; the letters with Ctrl, Alt or Command stay the browser's. */
function useKeys(keys: Record<string, () => void>) {
  const current = useRef(keys)
  current.current = keys
  useEffect(() => {
    const press = (e: KeyboardEvent) => {
      const act = current.current[e.key.toLowerCase()]
      if (!act || e.repeat || e.ctrlKey || e.metaKey || e.altKey) return
      e.preventDefault()
      act()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}

function Progress({ body, done }: { body: ReviewBody; done: number }) {
  return (
    <div class="review-progress">
      <progress max={body.sample} value={Math.min(done, body.sample)} aria-label="Answered of the sample" />
      <p class="hint" role="status">{count(done)} of {count(body.sample)} answered</p>
    </div>
  )
}

function Waiting({ error }: { error: APIError | null }) {
  return error ? <p class="note is-error" role="status">{error.message}</p> : <Skeleton rows={5} />
}

function Question({ topic, text: t }: { topic: string; text: ReviewText }) {
  return (
    <div class="verbatim" data-review={t.event_id} aria-live="polite">
      <p class="verbatim-head"><time dateTime={t.occurred_at}>{moment(t.occurred_at)}</time><span class="quiet">{[channelName(t.source), t.location].filter(Boolean).join(' · ')}</span></p>
      <blockquote dir="auto">{markedText(t, topic).map((s, i) => (s.topic ? <mark key={i}>{s.text}</mark> : <span key={i}>{s.text}</span>))}</blockquote>
      <p class="review-question">Does it speak of <b>{topicName(topic)}</b>?</p>
    </div>
  )
}

function nothingLeft(body: ReviewBody): string {
  if (body.topic === '') return 'Nothing is left to review in this selection.'
  return `Nothing is left to review for ${topicName(body.topic)}. Take the topic's filter off to review another.`
}

function Corrected({ share }: { share: TopicShare }) {
  const tagged = `tagged ${(100 * share.tagged).toFixed(1)}%`
  return (
    <p class="review-share">
      {share.corrected === null ? <>Share of texts: {tagged}; a few more answers are needed to correct it.</>
        : <>Share of texts: <b>{intervalText(share.corrected)}</b> by the answers, with its 95 % interval; {tagged}.</>}
    </p>
  )
}

const CHOICES: [Answer, string, string][] = [['yes', 'Yes', 'y'], ['no', 'No', 'n'], ['skip', 'Skip', 's']]

/** Never disabled but in name: a button that is loses the focus, and the keys with it. */
function Buttons({ asked, undoable, answer, undo }: { asked: boolean; undoable: boolean; answer: (a: Answer) => void; undo: () => void }) {
  return (
    <footer class="drawer-foot review-buttons">
      {CHOICES.map(([value, name, key]) => (
        <button key={value} class="button" data-answer={value} aria-keyshortcuts={key} aria-disabled={!asked} onClick={() => answer(value)}>{name} <kbd aria-hidden="true">{key}</kbd></button>
      ))}
      <button class="button" data-answer="undone" aria-keyshortcuts="u" aria-disabled={!undoable} onClick={undo}>Undo <kbd aria-hidden="true">u</kbd></button>
    </footer>
  )
}
