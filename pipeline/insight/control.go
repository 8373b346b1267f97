package insight

// family is a kind of cells that share the error rate.
type family int

const (
	single        family = iota // the chain, a value
	placed                      // a location's hours
	combined                    // two values
	combinedHours               // their hours: many, and hardly ever the cause
	habitual                    // hours of a channel, product, team or segment: habits, mostly
	families
)

func (c cell) family() family {
	switch {
	case c.joint() && c.window.days > 0:
		return combinedHours
	case c.joint():
		return combined
	case c.window.days > 0 && c.values[Location] != 0:
		return placed
	case c.window.days > 0 && !c.whole():
		return habitual
	}
	return single
}

// share of the error rate.
func (f family) share() float64 {
	switch f {
	case placed:
		return 0.36
	case combined:
		return 0.389
	case combinedHours:
		return 0.01
	case habitual:
		return 0.001
	}
	return 0.24
}

// control turns p values into q values over everything looked at. Each family has
// its share of the error rate, equal for all its tests (Genovese, Roeder and
// Wasserman 2006); the cells that show one problem of a topic are one discovery.
type control struct {
	discoveries
	weight [families]float64
}

// control takes the candidates of each topic.
func (m *miner) control(topics ...[]candidate) control {
	looked := m.looked
	for _, found := range topics {
		for i := range found {
			looked[found[i].family()]++
		}
	}
	all := 0
	for _, n := range looked {
		all += n
	}
	k := control{}
	for i, n := range looked {
		k.weight[i] = family(i).share() * float64(all) / float64(max(n, 1))
	}
	p := make([]float64, 0, all)
	for _, found := range topics {
		from := len(p)
		for i := range found {
			p = append(p, k.weigh(&found[i]))
		}
		countOnce(found, p[from:])
	}
	for len(p) < all { // cells too empty to hold anything were looked at, too
		p = append(p, 1)
	}
	k.discoveries = newDiscoveries(p, 1)
	return k
}

func (k *control) weigh(c *candidate) float64 { return min(1, c.p/k.weight[c.family()]) }

func (k *control) of(c *candidate) float64 { return k.q(k.weigh(c)) }
