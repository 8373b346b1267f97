package learned

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"

	"earshot/sentiment/topic"
)

//go:embed opinions.yaml
var opinionRules []byte

// opinionPrefix begins the names of their intents.
const opinionPrefix = "opinion."

// withOpinions adds the turns of phrase of opinions.yaml to a taxonomy, so that one
// pass finds them, too. Examples and gates stay behind.
func withOpinions(t *topic.Tagger) (*topic.Tagger, error) {
	opinions, err := topic.LoadRecorded("opinions", opinionRules)
	if err != nil {
		return nil, err
	}
	d, more := t.Definition(), opinions.Definition()
	maps.Copy(d.Classes, more.Classes)
	maps.Copy(d.Intents, more.Intents)
	text, err := definitionText(d)
	if err != nil {
		return nil, err
	}
	return topic.LoadRecorded(t.Version(), text)
}

// definitionText is a taxonomy as a model stores it: what its rules match.
func definitionText(d topic.Definition) ([]byte, error) {
	for _, group := range []map[string]topic.RuleDefinition{d.Topics, d.Contexts, d.Intents} {
		for name, rule := range group {
			rule.Match, rule.NoMatch = nil, nil
			group[name] = rule
		}
	}
	d.Gates = nil
	text, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	return text, nil
}
