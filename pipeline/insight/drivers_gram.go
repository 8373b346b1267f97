package insight

import "gonum.org/v1/gonum/mat"

// gram holds the sums of products of all columns of a design, the answers last:
// whatever least squares needs to know. Lines above the diagonal are filled.
type gram struct {
	n       int
	sums    []float64
	answers float64 // rows behind a residual gram
}

func newGram(columns int) gram { return gram{n: columns, sums: make([]float64, columns*columns)} }

func (g gram) at(i, j int) float64 { return g.sums[min(i, j)*g.n+max(i, j)] }

// rows is how many rows were added: the intercept's square.
func (g gram) rows() float64 { return g.sums[0] }

// y is the column of the answers.
func (g gram) y() int { return g.n - 1 }

func (g gram) addRow(columns []int, values []float64) {
	for i, a := range columns {
		for j := i; j < len(columns); j++ {
			b := columns[j]
			g.sums[min(a, b)*g.n+max(a, b)] += values[i] * values[j]
		}
	}
}

// add adds sign times another gram.
func (g gram) add(o gram, sign float64) {
	for i, v := range o.sums {
		g.sums[i] += sign * v
	}
}

// grams are those of each group of customers.
func (d *design) grams(p *Panel) *[JackknifeGroups]gram {
	out := new([JackknifeGroups]gram)
	for i := range out {
		out[i] = newGram(d.width + 1)
	}
	var columns []int
	var values []float64
	p.each(func(r *panelRow, said []uint32) {
		columns, values = d.fill(r, said, columns, values)
		out[r.group].addRow(columns, values)
	})
	return out
}

// total adds up the groups that are wanted.
func total(groups *[JackknifeGroups]gram, wanted func(group int) bool) gram {
	out := newGram(groups[0].n)
	for i, g := range groups {
		if wanted(i) {
			out.add(g, 1)
		}
	}
	return out
}

// relativeRidge keeps columns that say the same, or nothing, from breaking the
// solution; it changes no digit that is shown.
const relativeRidge = 1e-9

// solver solves least squares on the first columns of a gram.
type solver struct {
	of   gram
	n    int
	chol mat.Cholesky
}

// newSolver always succeeds: sums of squares with a ridge are positive definite
// as soon as the ridge outweighs rounding.
func newSolver(g gram, n int) *solver {
	s := &solver{of: g, n: n}
	for ridge := relativeRidge; ; ridge *= 100 {
		a := mat.NewSymDense(n, nil)
		for i := range n {
			for j := i; j < n; j++ {
				a.SetSym(i, j, g.at(i, j))
			}
			a.SetSym(i, i, g.at(i, i)*(1+ridge)+ridge)
		}
		if s.chol.Factorize(a) || ridge > 1 {
			return s
		}
	}
}

// coefficients regresses another column on the solver's.
func (s *solver) coefficients(column int) []float64 {
	b := mat.NewVecDense(s.n, nil)
	for i := range s.n {
		b.SetVec(i, s.of.at(i, column))
	}
	return s.solve(b)
}

// weights are such that their sum with a column's products is the coefficient of
// column i in its regression: a row of the inverse.
func (s *solver) weights(i int) []float64 {
	b := mat.NewVecDense(s.n, nil)
	b.SetVec(i, 1)
	return s.solve(b)
}

func (s *solver) solve(b *mat.VecDense) []float64 {
	x := mat.NewVecDense(s.n, nil)
	_ = s.chol.SolveVecTo(x, b) // only warns of a bad condition, which the ridge is for
	return x.RawVector().Data
}

// residual is the gram of the columns from first on, the answers last, less what
// the columns before first explain of them (Frisch and Waugh 1933).
func residual(g gram, first int) gram {
	s := newSolver(g, first)
	out := newGram(g.n - first)
	out.answers = g.rows()
	for j := first; j < g.n; j++ {
		c := s.coefficients(j)
		for i := first; i <= j; i++ {
			v := g.at(i, j)
			for k, x := range c {
				v -= x * g.at(k, i)
			}
			out.sums[(i-first)*out.n+j-first] = v
		}
	}
	return out
}
