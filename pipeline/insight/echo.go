package insight

import "context"

// spoken are the rows with complaints that a finding of an earlier topic counts.
type spoken struct {
	is []bool    // by row
	at [][]int32 // by location: which they are
}

// of are those that a cell may cover.
func (s *spoken) of(c *cell) [][]int32 {
	if v := c.values[Location]; v != 0 {
		return s.at[v : v+1]
	}
	return s.at
}

// turn is a topic's place in the order in which topics are told. Topics are peeled
// at the same time; which of their cells are echoes is said when those before them
// are done.
type turn struct {
	before, done chan struct{}
	*spoken
}

func newTurns(topics, rows, locations int) []turn {
	turns := make([]turn, topics)
	told := &spoken{make([]bool, rows), make([][]int32, locations)}
	before := make(chan struct{})
	close(before)
	for i := range turns {
		turns[i] = turn{before, make(chan struct{}), told}
		before = turns[i].done
	}
	return turns
}

// come waits until those before are done.
func (t *turn) come(ctx context.Context) error {
	select {
	case <-t.before:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// end notes what the findings count and lets the next topic have its turn.
func (t *turn) end(m *miner, told []layer) {
	for i := range told {
		for _, row := range told[i].counted {
			if !t.is[row] {
				t.is[row] = true
				location := m.rows[row].values[Location]
				t.at[location] = append(t.at[location], row)
			}
		}
	}
	close(t.done)
}

// layer is a cell that was peeled off a topic.
type layer struct {
	candidate
	finding Finding
	counted []int32 // complaints in the cell
	lift    float64
	usual   float64   // factor of the rates
	rates   []float64 // of the topic in each channel then
	above   []cell    // peeled off before
}

// layer describes the cell that is peeled off now.
func (m *miner) layer(c candidate, inside *part, control *control) layer {
	usual := m.rest(c.observed, c.expected)
	return layer{c, m.finding(c, inside, control), m.counted(c.cell, c.from), float64(c.observed) / (c.expected * usual), usual, m.rates, m.told}
}

// echo tells whether a cell is only another word for findings of other topics:
// less than half of what is too much is left among those whose complaints no such
// finding counts. Who is angry about the prices speaks of small portions, too.
func (m *miner) echo(l *layer, told *spoken) bool {
	observed, expected := 0, l.expected
	for _, rows := range told.of(&l.cell) {
		for _, row := range rows {
			if e := &m.rows[row]; l.covers(e) && !anyCovers(l.above, e) {
				expected -= l.rates[e.values[Channel]]
			}
		}
	}
	for _, row := range l.counted {
		if !told.is[row] {
			observed++
		}
	}
	return float64(observed)/max(expected*l.usual, 1e-9)-1 < 0.5*(l.lift-1)
}

func anyCovers(cells []cell, e *entry) bool {
	for i := range cells {
		if cells[i].covers(e) {
			return true
		}
	}
	return false
}
