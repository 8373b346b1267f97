import { useCallback, useMemo, useState } from 'preact/hooks'
import { FilterBar } from './filterbar'
import { Header } from './header'
import { useChanges, useHeartbeat, useResource, useUrlState, type Resource } from './hooks'
import { effectivePeriod, pageQuery, type Drill } from './model/state'
import { insightQuery } from './model/insights'
import type { AccuracyBody } from './model/accuracy'
import { reviewQuery, type TopicShare } from './model/review'
import type { AlertsBody, CasesBody, Choices, HotspotsBody, HourStat, ImpactBody, KPIBody, PlaceStat, TopicTreeBody, TrendPoint } from './model/types'
import { Accuracy } from './panels/accuracy'
import { Alerts } from './panels/alerts'
import { FollowUps } from './panels/followups'
import { Heatmap } from './panels/heatmap'
import { Hotspots } from './panels/hotspots'
import { Impacts } from './panels/impact'
import { Insights } from './panels/insights'
import { Locations } from './panels/locations'
import { Review } from './panels/review'
import { Tiles } from './panels/tiles'
import { Topics } from './panels/topics'
import { Trend } from './panels/trend'
import { Verbatims } from './panels/verbatims'
import { Week } from './panels/week'
import { useTheme } from './theme'
import { Banner, NoMatch, Welcome } from './welcome'

const REFRESH_MS = 10_000

export type OpenDrill = (drill: Partial<Drill>) => void

export function App() {
  const [theme, toggleTheme] = useTheme()
  const [state, navigate] = useUrlState()
  const beat = useHeartbeat(REFRESH_MS)
  const now = useMemo(() => new Date(), [beat])

  const choices = useChoices(beat)
  const last = choices.data?.last ?? null
  const period = effectivePeriod(state.period, last, now)
  const query = pageQuery(state.filters, period, now)
  const ready = choices.data !== null // before that the default period is not known

  const kpis = useResource<KPIBody>(ready ? 'kpis' : null, query, beat)
  // Everything else is asked again only when something came in, or answers came back.
  const news = useChanges(JSON.stringify(query), kpis.error ? -1 : kpis.data?.current.volume)
  const on = (path: string) => (ready ? path : null)
  const trend = useResource<{ points: TrendPoint[] }>(on('trend'), query, news)
  const topics = useResource<TopicTreeBody>(on('topictree'), query, news)
  const impacts = useResource<ImpactBody>(on('impact'), query, news)
  const spots = useResource<HotspotsBody>(on('hotspots'), query, news)
  const hours = useResource<{ hours: HourStat[] }>(on('hours'), query, news)
  const places = useResource<{ locations: PlaceStat[] }>(on('locations'), query, news)
  const accuracy = useResource<AccuracyBody>(on('accuracy'), query, news)
  const [answers, setAnswers] = useState(0)
  const shares = useResource<{ topics: TopicShare[] }>(on('reviews'), reviewQuery(query), news + answers)
  const stored = useCallback(() => setAnswers((n) => n + 1), [])
  const queue = followUpQuery(query)
  const cases = useResource<CasesBody>(on('followups'), { ...queue, limit: '100' }, news)
  const alerts = useResource<AlertsBody>('alerts', {}, beat)

  const open = useCallback<OpenDrill>((drill) => {
    navigate((s) => ({ ...s, review: null, drill: { filters: {}, days: null, offset: 0, ...drill } }))
  }, [])
  const nothingYet = choices.data !== null && !(Date.parse(choices.data.last) > 0)
  const noMatch = kpis.data !== null && !kpis.loading && kpis.data.current.volume === 0
  const error = choices.error ?? kpis.error
  const shared = { query, now, open, theme }

  return (
    <>
      <a class="skip" href="#main">Skip to the figures</a>
      <Header theme={theme} toggleTheme={toggleTheme} offline={error !== null} last={last} open={open} state={state} />
      <FilterBar state={state} navigate={navigate} choices={choices.data} period={period} now={now} />
      <main id="main" tabIndex={-1}>
        <Banner error={error} />
        {nothingYet ? <Welcome /> : (
          <>
            <Tiles kpis={kpis} trend={trend} first={choices.data?.first ?? null} open={open} />
            <Insights query={ready ? insightQuery(query, now) : null} news={news} now={now} />
            {noMatch ? <NoMatch state={state} navigate={navigate} /> : (
              <div class="grid">
                <div class="column is-wide">
                  <Trend {...shared} trend={trend} />
                  <Heatmap {...shared} topics={topics} hours={hours} news={news} state={state} navigate={navigate} />
                  <Hotspots spots={spots} navigate={navigate} open={open} />
                  <Locations {...shared} places={places} />
                </div>
                <div class="column">
                  <Alerts alerts={alerts} open={open} />
                  <Topics topics={topics} shares={shares} state={state} navigate={navigate} open={open} />
                  <Impacts impacts={impacts} open={open} />
                  <FollowUps {...shared} query={queue} cases={cases} />
                </div>
                <Week {...shared} hours={hours} />
                <Accuracy accuracy={accuracy} open={open} />
              </div>
            )}
          </>
        )}
      </main>
      <Verbatims state={state} period={period} now={now} navigate={navigate} />
      {ready && <Review state={state} query={query} shares={shares} navigate={navigate} stored={stored} />}
    </>
  )
}

/** What there is to choose from; it changes slowly, so it is asked for every minute once there is something. */
function useChoices(beat: number): Resource<Choices> {
  const [some, found] = useState(false)
  const choices = useResource<Choices>('choices', {}, some ? Math.floor(beat / 6) : beat)
  const now = choices.data !== null && Date.parse(choices.data.last) > 0
  if (now !== some) found(now)
  return choices
}

/** The parameters the follow-up queue understands; it has a window of its own in place of the period. */
function followUpQuery(query: Record<string, string>): Record<string, string> {
  const known = ['source', 'platform', 'location', 'product', 'agent', 'segment', 'topic', 'sentiment', 'customer_id', 'q']
  return Object.fromEntries(Object.entries(query).filter(([k]) => known.includes(k)))
}
