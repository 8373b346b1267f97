package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"earshot/pipeline"
	"earshot/sentiment/model"
)

// explainText lays an explanation out for reading.
func explainText(x explanation) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", quoted(x.Text, 400))
	if x.Truncated {
		fmt.Fprintf(&b, "Only the first %d bytes were analysed.\n", pipeline.MaxTextBytes)
	}
	explainStored(&b, x.Stored)
	fmt.Fprintf(&b, "Language   %s\n", x.Language)
	if x.Sentiment.Label == pipeline.Unknown {
		b.WriteString("Sentiment  unknown: there is no lexicon and no model for this language, or no word\n")
		explainJoint(&b, x.Joint)
	} else {
		explainSentiment(&b, x)
	}
	explainTurns(&b, x)
	section(&b, "Topics", len(x.TopicRules))
	for _, m := range x.TopicRules {
		polarity := "from its clause"
		if strings.HasPrefix(m.Rule, pipeline.LearnedRule) {
			polarity = "shown most by this word"
		}
		switch {
		case m.Polarity != 0 && m.Clause < len(x.Clauses):
			polarity = fmt.Sprintf("phrase %+.2f, clause %+.2f", m.Polarity, x.Clauses[m.Clause].Compound)
		case m.Polarity != 0:
			polarity = fmt.Sprintf("phrase %+.2f", m.Polarity)
		case len(x.Clauses) == 0:
			polarity = "from the whole text"
		}
		fmt.Fprintf(&b, "  %-22s %-8s %+.2f  %s\n  %22s rule %s; %s\n", m.Topic, m.Sentiment, m.Score,
			quoted(x.Text[m.Start:m.End], 60), "", clip(m.Rule, 100), polarity)
	}
	explainFindings(&b, "Contexts", x, x.ContextRules)
	section(&b, "Tags", len(x.TagRules))
	for _, t := range x.TagRules {
		fmt.Fprintf(&b, "  %-30s %s\n", t.Name, conditions(t))
	}
	explainFindings(&b, "Intents", x, x.IntentRules)
	section(&b, "Covered by no topic", len(x.Uncovered))
	for _, u := range x.Uncovered {
		fmt.Fprintf(&b, "  %-5s %s\n", u.Kind, u.Text)
	}
	fmt.Fprintf(&b, "\nModel      %s\n", x.Model)
	return b.String()
}

// explainTurns follows the customer through a conversation.
func explainTurns(b *strings.Builder, x explanation) {
	if x.Conversation == nil {
		return
	}
	section(b, "Turns of the customer", len(x.Turns))
	for _, t := range x.Turns {
		tips := ""
		if at := x.Conversation.Tipped; at != nil && *at == t.Turn {
			tips = "  from here on another mood"
		}
		fmt.Fprintf(b, "  %-3d %+.4f  %s%s\n", t.Turn+1, t.Score, quoted(x.Text[t.Start:t.End], 80), tips)
	}
}

func explainSentiment(b *strings.Builder, x explanation) {
	s := x.Sentiment
	fmt.Fprintf(b, "Sentiment  %s, score %+.4f, confidence %.2f\n", s.Label, s.Score, s.Confidence)
	if x.Vader != (pipeline.Vader{}) {
		fmt.Fprintf(b, "VADER      compound %+.4f, pos %.3f, neu %.3f, neg %.3f\n", x.Vader.Compound, x.Vader.Pos, x.Vader.Neu, x.Vader.Neg)
	}
	if len(x.Phrases) > 0 {
		fmt.Fprintf(b, "Lexicons   %+.4f: VADER with the phrases below\n", x.Lexical)
	}
	fmt.Fprintf(b, "           intensity %.2f, effort %.2f\n", s.Intensity, x.Effort)
	if s.Mixed {
		b.WriteString("           mixed: one clause is clearly good, another clearly bad\n")
	}
	if x.Blended {
		b.WriteString("           The lexicons are neutral; the score is the mean of the phrases that are good or bad news in themselves.\n")
	}
	explainJoint(b, x.Joint)
	explainShares(b, x.Shares)
	section(b, "Words", len(x.Words))
	for _, w := range x.Words {
		covered := ""
		if w.Covered {
			covered = ", counts as a phrase"
		}
		fmt.Fprintf(b, "  %-22s lexicon %+.1f, here %+.2f%s\n", clip(w.Word, 22), w.Lexicon, w.Valence, covered)
	}
	section(b, "Phrases of lexicons", len(x.Phrases))
	for _, ph := range x.Phrases {
		fmt.Fprintf(b, "  %-22s lexicon %+.1f, here %+.2f  rule %s\n", clip(x.Text[ph.Start:ph.End], 22), ph.Lexicon, ph.Valence, clip(ph.Rule, 100))
	}
	section(b, "Sentences", len(x.Sentences))
	for _, y := range x.Sentences {
		fmt.Fprintf(b, "  %+.4f  %s\n", y.Score, quoted(x.Text[y.Start:y.End], 90))
	}
	section(b, "Clauses", len(x.Clauses))
	for _, c := range x.Clauses {
		fmt.Fprintf(b, "  %+.4f  %s", c.Score, quoted(x.Text[c.Start:c.End], 90))
		if c.Score != c.Compound {
			fmt.Fprintf(b, "  VADER %+.4f", c.Compound)
		}
		b.WriteByte('\n')
	}
}

// shownShares is how many parts of a score are listed one by one.
const shownShares = 12

// explainShares lists the largest shares and the sum of the others.
func explainShares(b *strings.Builder, shares []model.Share) {
	if len(shares) == 0 {
		return
	}
	section(b, "Shares of the score", len(shares))
	sorted := slices.Clone(shares)
	slices.SortStableFunc(sorted, func(x, y model.Share) int { return cmp.Compare(math.Abs(y.Value), math.Abs(x.Value)) })
	others := 0.0
	for i, s := range sorted {
		if i < shownShares {
			fmt.Fprintf(b, "  %+.4f  %-8s %s\n", s.Value, s.Kind, clip(s.Part, 40))
			continue
		}
		others += s.Value
	}
	if n := len(sorted) - shownShares; n > 0 {
		fmt.Fprintf(b, "  %+.4f  %d others\n", others, n)
	}
}

func explainFindings(b *strings.Builder, title string, x explanation, found []pipeline.ExplainedFinding) {
	section(b, title, len(found))
	for _, f := range found {
		words := ""
		if f.End > 0 {
			words = quoted(x.Text[f.Start:f.End], 40) + "  "
		}
		fmt.Fprintf(b, "  %-22s %s%s\n", f.Name, words, clip(f.Why, 100))
	}
}

func conditions(t pipeline.ExplainedTag) string {
	var parts []string
	if t.Topic != "" {
		parts = append(parts, strings.TrimSpace(t.Topic+" "+string(t.Sentiment)))
	}
	return strings.Join(append(parts, t.Contexts...), " + ")
}

func section(b *strings.Builder, title string, n int) {
	if n == 0 {
		fmt.Fprintf(b, "\n%s: none\n", title)
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
}

// quoted shows text on one line, with control characters made visible.
func quoted(text string, limit int) string {
	return "“" + clip(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.TrimSpace(text)), limit) + "”"
}

// clip cuts text to limit runes.
func clip(text string, limit int) string {
	runes := []rune(text)
	if len(runes) <= limit {
		return text
	}
	return string(runes[:limit-1]) + "…"
}
