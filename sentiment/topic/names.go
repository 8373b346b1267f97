package topic

// ComplaintNames gives the topics of the pack the short name of a complaint
// about them, where a tag has one: service.speed is "slow service".
func (t *Tagger) ComplaintNames() map[string]string {
	names := map[string]string{}
	for _, tag := range t.pack.Tags {
		if tag.Topic == "" || tag.Sentiment != "negative" || len(tag.Contexts) > 0 {
			continue
		}
		if _, named := names[tag.Topic]; !named {
			names[tag.Topic] = tag.Name
		}
	}
	return names
}

// PraiseTags are the names of the tags that say something good.
func (t *Tagger) PraiseTags() []string {
	var names []string
	for _, tag := range t.pack.Tags {
		if tag.Sentiment == "positive" {
			names = append(names, tag.Name)
		}
	}
	return names
}
