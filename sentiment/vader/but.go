package vader

// fewCharged is up to how many charged words are searched one by one.
const fewCharged = 32

// but halves what stands before the token at, the first "but", and strengthens what
// follows. Like the reference it finds each value by its first equal: of equal values
// the first one is changed again and again.
func (s *Scorer) but(words []rated, at int) {
	if len(words) > fewCharged {
		s.equals.weigh(words, at)
		return
	}
	for i := range words {
		v := words[i].valence
		if v == 0 {
			continue
		}
		for j := range words {
			if words[j].valence == v {
				words[j].contrast(at)
				break
			}
		}
	}
}

// contrast weighs the word beside a "but" at the token at.
func (r *rated) contrast(at int) {
	switch {
	case r.token < at:
		r.valence *= 0.5
	case r.token > at:
		r.valence *= 1.5
	}
}

// equals finds the first word of a value in about the same time however many
// words there are: long texts would take square time else. Its memory serves
// again.
type equals struct {
	heap map[float64]int // index of a value's heap
	all  [][]int         // words that had the value, the first at the top
}

// weigh does what but does, for many words.
func (q *equals) weigh(words []rated, at int) {
	if q.heap == nil {
		q.heap = map[float64]int{}
	}
	clear(q.heap)
	for i := range words {
		q.add(words[i].valence, i)
	}
	for i := range words {
		v := words[i].valence
		if v == 0 {
			continue
		}
		j := q.first(v, words)
		if words[j].contrast(at); words[j].valence != v {
			q.add(words[j].valence, j)
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
func (q *equals) first(v float64, words []rated) int {
	n := q.heap[v]
	h := q.all[n]
	for words[h[0]].valence != v {
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
