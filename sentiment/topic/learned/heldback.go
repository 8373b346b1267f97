package learned

// HeldBack is how well a model does on texts that the training did not see, by
// cross-validation.
type HeldBack struct {
	Topics     []Count // in the model's order
	Polarities [][]int // the true polarity by the chosen one; nil if the model knows none
}

// Count is how often a topic was found and there.
type Count struct {
	Topic  string
	Hits   int // found and there
	False  int // found, not there
	Missed int // there, not found
}

// F1 of a count, 0 without any.
func (c Count) F1() float64 {
	if c.Hits == 0 {
		return 0
	}
	return 2 * float64(c.Hits) / float64(2*c.Hits+c.False+c.Missed)
}

// Micro sums the counts of all topics.
func (h *HeldBack) Micro() (sum Count) {
	for _, c := range h.Topics {
		sum.Hits, sum.False, sum.Missed = sum.Hits+c.Hits, sum.False+c.False, sum.Missed+c.Missed
	}
	return sum
}

// Right counts the polarities that were told right.
func (h *HeldBack) Right() (right, all int) {
	for truth, row := range h.Polarities {
		for said, n := range row {
			all += n
			if said == truth {
				right += n
			}
		}
	}
	return right, all
}

func (h *HeldBack) countTopics(m *Model, held [][]float32, has [][]bool) {
	for c, name := range m.Topics {
		count := Count{Topic: name}
		for i, z := range held {
			switch found := m.has(z, c); {
			case found && has[i][c]:
				count.Hits++
			case found:
				count.False++
			case has[i][c]:
				count.Missed++
			}
		}
		h.Topics = append(h.Topics, count)
	}
}

func (h *HeldBack) countPolarities(m *Model, held [][]float32, list []mention) {
	h.Polarities = make([][]int, len(m.Polarities))
	for p := range h.Polarities {
		h.Polarities[p] = make([]int, len(m.Polarities))
	}
	for i, z := range held {
		h.Polarities[list[i].class][likeliest(z)]++
	}
}

func likeliest(z []float32) (best int) {
	for c, x := range z {
		if x > z[best] {
			best = c
		}
	}
	return best
}
