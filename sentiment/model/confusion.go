package model

// Confusion counts truth (first index) against prediction.
type Confusion [Classes][Classes]int

// Total is the number of examples counted.
func (c *Confusion) Total() (n int) {
	for _, truth := range c {
		for _, k := range truth {
			n += k
		}
	}
	return n
}

// Accuracy is the share of right predictions, 0 without examples.
func (c *Confusion) Accuracy() float64 {
	right := 0
	for k := range c {
		right += c[k][k]
	}
	return ratio(right, c.Total())
}

// Of returns precision, recall, F1 and the number of true examples of a class.
func (c *Confusion) Of(k Class) (precision, recall, f1 float64, support int) {
	predicted := 0
	for truth := range c {
		predicted += c[truth][k]
		support += c[k][truth]
	}
	precision, recall = ratio(c[k][k], predicted), ratio(c[k][k], support)
	return precision, recall, ratio(2*c[k][k], predicted+support), support
}

// MacroF1 is the mean F1 of the classes that occur.
func (c *Confusion) MacroF1() float64 {
	sum, classes := 0.0, 0
	for k := range Classes {
		if _, _, f1, support := c.Of(k); support > 0 {
			sum += f1
			classes++
		}
	}
	if classes == 0 {
		return 0
	}
	return sum / float64(classes)
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
