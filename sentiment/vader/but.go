package vader

// fewCharged is up to how many charged words are searched one by one.
const fewCharged = 32

// but halves what stands before the first "but" and strengthens what follows.
// Like the reference it finds each value by its first equal: of equal values
// the first one is changed again and again.
func (s *Scorer) but() {
	at := -1
	for i := range s.tokens {
		if s.tokens[i].code == wBut {
			at = i
			break
		}
	}
	if at < 0 {
		return
	}
	s.charged = s.charged[:0]
	for i, v := range s.valences {
		if v != 0 {
			s.charged = append(s.charged, i)
		}
	}
	if len(s.charged) > fewCharged {
		s.equals.weigh(s.valences, s.charged, at)
		return
	}
	for _, i := range s.charged {
		v := s.valences[i]
		for _, j := range s.charged {
			if s.valences[j] == v {
				s.valences[j] = contrasted(v, j, at)
				break
			}
		}
	}
}

// contrasted is the value v of word i beside a "but" at the word at.
func contrasted(v float64, i, at int) float64 {
	switch {
	case i < at:
		return v * 0.5
	case i > at:
		return v * 1.5
	}
	return v
}

// equals finds the first word of a value in about the same time however many
// words there are: long texts would take square time else. Its memory serves
// again.
type equals struct {
	heap map[float64]int // index of a value's heap
	all  [][]int         // words that had the value, the first at the top
}

// weigh does what but does, for many words.
func (q *equals) weigh(valences []float64, charged []int, at int) {
	if q.heap == nil {
		q.heap = map[float64]int{}
	}
	clear(q.heap)
	for _, i := range charged {
		q.add(valences[i], i)
	}
	for _, i := range charged {
		v := valences[i]
		j := q.first(v, valences)
		valences[j] = contrasted(v, j, at)
		if valences[j] != v {
			q.add(valences[j], j)
		}
	}
}

// add notes that word i has the value v.
func (q *equals) add(v float64, i int) {
	n, ok := q.heap[v]
	if !ok {
		n = len(q.heap)
		q.heap[v] = n
		if n == len(q.all) {
			q.all = append(q.all, nil)
		}
		q.all[n] = q.all[n][:0]
	}
	h := append(q.all[n], i)
	for at := len(h) - 1; at > 0 && h[at] < h[(at-1)/2]; at = (at - 1) / 2 {
		h[at], h[(at-1)/2] = h[(at-1)/2], h[at]
	}
	q.all[n] = h
}

// first is the first word whose value is v, which one has. Words whose value has
// changed since they were added are dropped.
func (q *equals) first(v float64, valences []float64) int {
	n := q.heap[v]
	h := q.all[n]
	for valences[h[0]] != v {
		h[0] = h[len(h)-1]
		h = h[:len(h)-1]
		for at := 0; ; {
			least := at
			for _, child := range [2]int{2*at + 1, 2*at + 2} {
				if child < len(h) && h[child] < h[least] {
					least = child
				}
			}
			if least == at {
				break
			}
			h[at], h[least] = h[least], h[at]
			at = least
		}
	}
	q.all[n] = h
	return h[0]
}
