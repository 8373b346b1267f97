// Package insight finds, unasked, where and when customers complain more than
// traffic explains. It is pure: observations in, findings with their
// statistics and one plain sentence out.
//
// For each topic the miner looks at every location, channel, product, team and
// segment, and at every run of hours on every run of weekdays, of the chain and
// of each location. What is expected in a cell is its traffic times the topic's
// rate in each channel, so that neither a busy location nor another mix of
// channels is a finding. The cell that stands out most (Kulldorff's scan
// statistic, 1997) is tested exactly, taken out, and the rest is looked at again
// (Zhang, Assunção & Kulldorff 2010). Over all that was looked at, false
// discoveries are controlled after Benjamini & Yekutieli (2001).
package insight
