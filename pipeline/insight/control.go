package insight

// control weighs the tests: combinations are many and rarely the cause, so that
// they share one half of the error rate, all others the other half (Genovese,
// Roeder and Wasserman 2006).
func (m *miner) control(found []candidate) control {
	looked := m.looked
	for _, c := range found {
		looked[side(c.joint())]++
	}
	k := control{}
	for i, n := range looked {
		k.weight[i] = float64(looked[0]+looked[1]) / (2 * float64(max(n, 1)))
	}
	p := make([]float64, 0, looked[0]+looked[1])
	for _, c := range found {
		p = append(p, k.weigh(&c))
	}
	for len(p) < looked[0]+looked[1] { // cells too empty to hold anything were looked at, too
		p = append(p, 1)
	}
	k.discoveries = newDiscoveries(p)
	return k
}

// control turns p values into q values over everything looked at.
type control struct {
	discoveries
	weight [2]float64 // of single values and of combinations
}

func side(joint bool) int {
	if joint {
		return 1
	}
	return 0
}

func (k *control) weigh(c *candidate) float64 { return min(1, c.p/k.weight[side(c.joint())]) }

func (k *control) of(c *candidate) float64 { return k.q(k.weigh(c)) }
