package simulate

// The topics of the simulated chain, by the names of the restaurant taxonomy.
const (
	speed       = "service.speed"
	staff       = "service.staff"
	taste       = "food.taste"
	temperature = "food.temperature"
	safety      = "food.safety"
	accuracy    = "order.accuracy"
	lateness    = "delivery.time"
	handling    = "delivery.condition"
	price       = "price.value"
	cleanliness = "cleanliness"
	comfort     = "ambience.general"
	digital     = "app.reliability"
	stock       = "availability"
	loyalty     = "loyalty"
)

// topic says how often guests bring something up.
type topic struct {
	name               string
	negative, positive float64 // probability per visit, positive: weight among praises
	rush               float64 // factor on negative at meal peaks, everywhere
	fits               func(*visit) bool
}

func always(*visit) bool       { return true }
func delivered(v *visit) bool  { return v.order == orderDelivery }
func onSite(v *visit) bool     { return v.order == orderDineIn || v.order == orderCounter }
func ordered(v *visit) bool    { return v.order == orderDelivery || v.order == orderPickup }
func served(v *visit) bool     { return v.order != orderDelivery }
func hasProduct(v *visit) bool { return v.product != "" }

var topics = []topic{
	{speed, .050, 1.0, 1.25, served},
	{staff, .034, 2.0, 1.0, served},
	{taste, .045, 2.6, 1.0, always},
	{temperature, .026, .35, 1.1, always},
	{safety, .003, 0, 1.0, hasProduct},
	{accuracy, .034, .25, 1.15, always},
	{lateness, .060, 1.2, 1.1, delivered},
	{handling, .030, .8, 1.0, delivered},
	{price, .030, .6, 1.0, always},
	{cleanliness, .020, .5, 1.05, onSite},
	{comfort, .022, .7, 1.1, onSite},
	{digital, .040, .9, 1.0, ordered},
	{stock, .018, 0, 1.1, always},
	{loyalty, .012, .2, 1.0, always},
}

// mention is one thing a guest brings up.
type mention struct {
	topic    int // index into topics
	negative bool
}
