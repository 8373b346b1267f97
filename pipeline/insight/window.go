package insight

const (
	dayHours  = 24
	weekDays  = 7
	weekHours = weekDays * dayHours
	maxHours  = 8 // longer runs are "all day", which the whole cell says
)

// window is a run of hours on a run of weekdays; the zero value is all week.
type window struct {
	days, hours uint8 // how many; 0: all week
	day, hour   uint8 // first; Monday is 0
}

func (w window) covers(hourOfWeek uint8) bool {
	if w.days == 0 {
		return true
	}
	day, hour := hourOfWeek/dayHours, hourOfWeek%dayHours
	return day >= w.day && day < w.day+w.days && hour >= w.hour && hour < w.hour+w.hours
}

// shares says whether two windows have six tenths of their hours in common.
func (w window) shares(other window) bool {
	days := int(min(w.day+w.days, other.day+other.days)) - int(max(w.day, other.day))
	hours := int(min(w.hour+w.hours, other.hour+other.hours)) - int(max(w.hour, other.hour))
	if days <= 0 || hours <= 0 {
		return false
	}
	both := days * hours
	return 10*both >= 6*(int(w.days)*int(w.hours)+int(other.days)*int(other.hours)-both)
}

// weekdays returns the ISO numbers (Monday 1), nil for all week.
func (w window) weekdays() []int { return run(w.day+1, w.days) }

// clock returns the local hours, nil for all week.
func (w window) clock() []int { return run(w.hour, w.hours) }

func run(first, n uint8) []int {
	if n == 0 {
		return nil
	}
	out := make([]int, n)
	for i := range out {
		out[i] = int(first) + i
	}
	return out
}

// windows calls yield for every run of at most maxHours hours on every run of
// weekdays.
func windows(yield func(window)) {
	for days := uint8(1); days <= weekDays; days++ {
		for day := uint8(0); day+days <= weekDays; day++ {
			for hours := uint8(1); hours <= maxHours; hours++ {
				for hour := uint8(0); hour+hours <= dayHours; hour++ {
					yield(window{days, hours, day, hour})
				}
			}
		}
	}
}

// windowCount is how many there are: the price of looking at all.
var windowCount = func() (n float64) {
	windows(func(window) { n++ })
	return n
}()

// week holds counts by hour of the week with sums over rectangles.
type week struct {
	observed [weekHours]int
	expected [weekHours]float64
	// sums over days < d and hours < h
	o [weekDays + 1][dayHours + 1]int
	e [weekDays + 1][dayHours + 1]float64
}

func (k *week) sum() {
	for d := range weekDays {
		for h := range dayHours {
			i := d*dayHours + h
			k.o[d+1][h+1] = k.observed[i] + k.o[d][h+1] + k.o[d+1][h] - k.o[d][h]
			k.e[d+1][h+1] = k.expected[i] + k.e[d][h+1] + k.e[d+1][h] - k.e[d][h]
		}
	}
}

func (k *week) total() (observed int, expected float64) {
	return k.o[weekDays][dayHours], k.e[weekDays][dayHours]
}

func (k *week) in(w window) (observed int, expected float64) {
	d0, d1, h0, h1 := w.day, w.day+w.days, w.hour, w.hour+w.hours
	return k.observedIn(w), k.e[d1][h1] - k.e[d0][h1] - k.e[d1][h0] + k.e[d0][h0]
}

func (k *week) observedIn(w window) int {
	d0, d1, h0, h1 := w.day, w.day+w.days, w.hour, w.hour+w.hours
	return k.o[d1][h1] - k.o[d0][h1] - k.o[d1][h0] + k.o[d0][h0]
}
