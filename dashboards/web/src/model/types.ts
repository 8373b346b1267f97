// The API's answers, as dashboards/server and sinks/clickhouse write them.

export type Label = 'positive' | 'neutral' | 'negative' | 'unknown'

export interface KPIs {
  volume: number
  positive: number
  neutral: number
  negative: number
  unknown: number
  net_sentiment: number | null
  csat: number | null
  csat_answers: number
  nps: number | null
  nps_answers: number
  ces: number | null
  ces_answers: number
  rating: number | null
  ratings: number
  first_response_seconds: number | null
  responses: number
}

export interface KPIBody {
  since: string | null
  until: string
  current: KPIs
  previous: KPIs | null
}

export interface TrendPoint {
  day: string
  volume: number
  positive: number
  neutral: number
  negative: number
  net_sentiment: number | null
  csat: number | null
  nps: number | null
}

export interface TopicStat {
  topic: string
  mentions: number
  positive: number
  neutral: number
  negative: number
  score: number
}

export interface HeatCell {
  topic: string
  hour_of_week: number
  mentions: number
  negative: number
}

export interface PlaceStat {
  location: string
  volume: number
  negative: number
  net_sentiment: number | null
  csat: number | null
  nps: number | null
  worst_topic: string
}

export interface HourStat {
  hour_of_week: number
  volume: number
  negative: number
  net_sentiment: number | null
}

export interface Verbatim {
  event_id: string
  occurred_at: string
  source: string
  platform: string
  location: string
  product: string
  team: string
  agent: string
  customer_id: string
  title: string
  text: string
  language: string
  rating: number | null
  csat: number | null
  nps: number | null
  ces: number | null
  sentiment: Label
  score: number
  joint_sentiment: Label // of text and rating together
  joint_score: number
  contradiction: boolean // the rating says the opposite of the text
  topics: string[]
  topic_sentiments: Label[]
  topic_scores: number[]
  topic_starts: number[]
  topic_ends: number[]
  contexts: string[]
  tags: string[]
  intents: string[]
  model: string
  hour_of_week: number // local: where it happened
  turns: Turn[]
}

export interface Turn {
  role: string
  text: string
  at?: string
}

export interface FeedbackBody {
  items: Verbatim[]
  limit: number
  offset: number
  more: boolean
}

export interface Choices {
  sources: string[]
  platforms: string[]
  locations: string[]
  products: string[]
  topics: string[]
  contexts: string[]
  first: string
  last: string
}

export interface Case {
  event_id: string
  priority: number
  reasons: string[]
  due_at: string
  overdue: boolean
  occurred_at: string
  source: string
  location: string
  agent: string
  text: string
  sentiment: Label
  topics: string[]
  tags: string[]
  complaints: number
  customer_id: string
  name: string
  email: string
  phone: string
  segment: string
  value: number | null
}

export interface CasesBody {
  cases: Case[]
  total: number
  overdue: number
  anonymous: number
  limit: number
  offset: number
}

export interface Alert {
  id: string
  kind: string
  state: string
  topic: string
  location: string
  channel: string
  since: string
  raised_at: string
  last_at: string
  count: number
  sentence: string
  ack_by: string
  ack_note: string
}

export interface AlertsBody {
  alerts: Alert[]
  active: number
}

/** A part of the feedback; null is any. */
export interface Region {
  location: string | null
  channel: string | null
  product: string | null
  team: string | null
  segment: string | null
  weekdays: number[] | null // ISO, Monday 1
  hours: number[] | null // local
}

export interface Finding extends Region {
  id: string
  topic: string
  lift: number // times the usual
  lift_low: number // 95 %
  lift_high: number
  q: number
  since: string | null
  count: number // complaints
  exposure: number // all feedback of the cell
  nps_points: number | null
  sentence: string
  evidence: { sentences: string[] }
  sql: string
}

export interface InsightsBody {
  state: 'computing' | 'ready' | 'failed'
  refreshing: boolean
  computed_at: string | null
  age_seconds: number
  seen: number
  findings: Finding[]
  message?: string
}

export interface TopicChange extends TopicStat {
  previous: TopicStat | null
}

export interface TopicTreeBody {
  since: string | null
  until: string
  topics: TopicChange[]
}

export interface HotCell {
  hour: number
  complaints: number
  traffic: number
  expected: number
  q: number
  hot: boolean
}

export interface HotspotsBody {
  max_q: number
  topics: { topic: string; cells: HotCell[] }[]
}

/** What the complaints about a topic cost a KPI: points it would gain without them. */
export interface Impact {
  topic: string
  kpi: 'nps' | 'csat' | 'net_sentiment'
  points: number
  low: number // 95 %
  high: number
  events: number
}

export interface ImpactBody {
  impacts: Impact[]
}
