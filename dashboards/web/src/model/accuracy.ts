// How right the scores are, made ready to draw.

export interface Accuracy {
  channel?: string
  language?: string
  rated: number
  accuracy: number
  accuracy_low: number // 95 %
  accuracy_high: number
  macro_f1: number
  calibration_error: number
  confusion: number[][] // by the rating, then by the text: negative, neutral, positive
  calibration: { bins: Bin[] }
}

export interface Bin {
  count: number
  right: number
  confidence: number // sum
}

export interface AccuracyBody {
  all: Accuracy | null
  channels: Accuracy[]
  languages: Accuracy[]
  groups: Accuracy[]
}

export const CLASSES = ['negative', 'neutral', 'positive'] as const

/** A row of the panel's list: all, a channel, a language. */
export interface AccuracyRow {
  key: string
  kind: 'all' | 'channel' | 'language'
  name: string
  figures: Accuracy
}

/** All first; channels, then languages where there are several of them. */
export function accuracyRows(body: AccuracyBody): AccuracyRow[] {
  if (!body.all) return []
  const several = (kind: 'channel' | 'language', list: Accuracy[]): AccuracyRow[] =>
    list.length < 2 ? [] : list.map((figures) => ({ key: `${kind}:${figures[kind] ?? ''}`, kind, name: figures[kind] ?? '', figures }))
  return [{ key: 'all', kind: 'all', name: '', figures: body.all }, ...several('channel', body.channels), ...several('language', body.languages)]
}

/** Of the texts with one rating, the share that was scored each way. */
export function confusionShares(confusion: number[][]): number[][] {
  return confusion.map((row) => {
    const total = row.reduce((n, x) => n + x, 0)
    return row.map((x) => (total > 0 ? x / total : 0))
  })
}

/** A point of the calibration curve: how sure the scores were, how often they were right, over how many. */
export interface CurvePoint {
  confidence: number
  right: number
  count: number
}

export function curve(bins: Bin[]): CurvePoint[] {
  return bins.filter((b) => b.count > 0).map((b) => ({ confidence: b.confidence / b.count, right: b.right / b.count, count: b.count }))
}
