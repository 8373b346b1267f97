package insight

import (
	"fmt"
	"math"
	"strings"
)

// maxTold is how many parts a sentence names beside rest and noise.
const maxTold = 6

// sentence says the change and its parts in one line: "NPS fell 6.1 points (95 %
// 4.2-8.0), from 31.0 to 24.9: slow service -2.4 (95 % -3.1 to -1.7), mix of
// channels -0.8 (95 % -1.3 to -0.3), rest -2.6 (…), noise -0.3."
func (c *KPIChange) sentence(names map[string]string) string {
	var b strings.Builder
	verb, low, high := "rose", c.Low, c.High
	if c.Points < 0 {
		verb, low, high = "fell", -c.High, -c.Low
	}
	title := c.KPI.Title()
	fmt.Fprintf(&b, "%s %s %.1f points", capitalised(title), verb, math.Abs(c.Points))
	if c.Low <= 0 && c.High >= 0 {
		fmt.Fprintf(&b, ", which may be chance (95 %% %+.1f to %+.1f)", c.Low, c.High)
	} else {
		fmt.Fprintf(&b, " (95 %% %.1f-%.1f)", low, high)
	}
	fmt.Fprintf(&b, ", from %.1f to %.1f", c.From.Value, c.To.Value)
	return b.String() + ": " + strings.Join(c.phrases(names), ", ") + "."
}

// phrases says each part; what is too much for a sentence is summed up.
func (c *KPIChange) phrases(names map[string]string) []string {
	var said []string
	var others float64
	for _, p := range c.Parts {
		if p.Kind == NoisePart {
			continue
		}
		if len(said) >= maxTold && p.Kind != RestPart {
			others += p.Points
			continue
		}
		said = append(said, fmt.Sprintf("%s %+.1f (95 %% %+.1f to %+.1f)", p.Title(names), p.Points, p.Low, p.High))
	}
	if others != 0 {
		said = append(said, fmt.Sprintf("others %+.1f", others))
	}
	switch last := c.Parts[len(c.Parts)-1]; {
	case last.Kind != NoisePart:
	case len(said) == 0:
		said = append(said, "no topic and no mix stands out")
	default:
		said = append(said, fmt.Sprintf("noise %+.1f", last.Points))
	}
	return said
}

// Title names a part; names are those of complaints, by topic.
func (p ChangePart) Title(names map[string]string) string {
	switch p.Kind {
	case MixPart:
		return "mix of " + p.Name
	case TopicPart:
		if math.Abs(*p.Praise) > math.Abs(*p.Complaints)+math.Abs(*p.Severity) {
			return "praise of " + strings.ReplaceAll(p.Name, ".", " ")
		}
		return complaintName(names, p.Name)
	}
	return p.Kind
}

// complaintName is what a complaint about a topic is called.
func complaintName(names map[string]string, topic string) string {
	if name := names[topic]; name != "" {
		return name
	}
	return strings.ReplaceAll(topic, ".", " ")
}
