// Package insight finds, unasked, where and when customers complain more than
// traffic explains. It is pure: observations in, findings with their
// statistics and one plain sentence out.
//
// For each topic the miner looks at every location, channel, product, team and
// segment and at every two of them together, at all times, since a day, and in
// every run of hours on every run of weekdays. What is due in a cell is its
// traffic times the topic's rate in each channel, so that neither a busy
// location nor another mix of channels is a finding:
//
//   - A value is compared with the others of its dimension, by more than these
//     differ of themselves (negative binomial tail).
//   - A window is compared with the cell's other hours and with the same hours
//     elsewhere. The best of all windows (Kulldorff's scan statistic, 1997, and how
//     likely a window is beforehand) is judged by the best windows of weeks drawn
//     without a problem, at a location by what the others say of its level.
//   - The time since a day is compared with the cell's own past, and is judged by days
//     drawn without a rise in the same way.
//   - Two values together are compared with what each does alone.
//   - Channels differ by nature: one alone is a finding only since a day or in
//     some hours. Teams, products, segments and the hours of the whole chain do,
//     too: they are compared with what other topics do there.
//   - What is claimed of the whole chain must not be the doing of a few locations.
//
// The cell that stands out most is told and taken out, and the rest is looked at
// again (Zhang, Assunção and Kulldorff 2010). Over all that was looked at, false
// discoveries are controlled after Benjamini and Hochberg (1995), with weights.
package insight
