package grafana

// The types below are the part of Grafana's dashboard model (schema version 41)
// that these dashboards use.

// Dashboard is a file that Grafana provisions or imports.
type Dashboard struct {
	UID           string   `json:"uid"`
	Title         string   `json:"title"`
	Description   string   `json:"description"`
	Tags          []string `json:"tags"`
	Timezone      string   `json:"timezone"`
	Refresh       string   `json:"refresh"`
	Time          span     `json:"time"`
	Editable      bool     `json:"editable"`
	GraphTooltip  int      `json:"graphTooltip"` // 1: one cross hair over all panels
	SchemaVersion int      `json:"schemaVersion"`
	Templating    struct {
		List []variable `json:"list"`
	} `json:"templating"`
	Panels []Panel `json:"panels"`
}

type span struct {
	From string `json:"from"`
	To   string `json:"to"`
}

type source struct {
	Type string `json:"type"`
	UID  string `json:"uid"`
}

type variable struct {
	Name       string  `json:"name"`
	Label      string  `json:"label"`
	Type       string  `json:"type"`
	Query      string  `json:"query"`
	Datasource *source `json:"datasource,omitempty"`
	Refresh    int     `json:"refresh,omitempty"` // 1: when the dashboard is opened
	Multi      bool    `json:"multi,omitempty"`
	IncludeAll bool    `json:"includeAll,omitempty"`
	Current    *choice `json:"current,omitempty"`
}

type choice struct {
	Text  []string `json:"text"`
	Value []string `json:"value"`
}

// Panel is one field of a dashboard.
type Panel struct {
	ID              int              `json:"id"`
	Type            string           `json:"type"`
	Title           string           `json:"title"`
	Description     string           `json:"description,omitempty"`
	GridPos         gridPos          `json:"gridPos"`
	Datasource      *source          `json:"datasource,omitempty"`
	FieldConfig     fieldConfig      `json:"fieldConfig"`
	Options         map[string]any   `json:"options,omitempty"`
	Targets         []Target         `json:"targets,omitempty"`
	Transformations []transformation `json:"transformations,omitempty"`
}

type gridPos struct {
	H int `json:"h"`
	W int `json:"w"`
	X int `json:"x"`
	Y int `json:"y"`
}

type fieldConfig struct {
	Defaults  map[string]any `json:"defaults"`
	Overrides []override     `json:"overrides"`
}

type override struct {
	Matcher    matcher    `json:"matcher"`
	Properties []property `json:"properties"`
}

type matcher struct {
	ID      string `json:"id"`
	Options string `json:"options"`
}

type property struct {
	ID    string `json:"id"`
	Value any    `json:"value"`
}

type transformation struct {
	ID      string         `json:"id"`
	Options map[string]any `json:"options"`
}

// Target is one question of a panel: Expr for Prometheus, RawSQL for ClickHouse.
type Target struct {
	RefID        string `json:"refId"`
	Datasource   source `json:"datasource"`
	Expr         string `json:"expr,omitempty"`
	LegendFormat string `json:"legendFormat,omitempty"`
	Instant      bool   `json:"instant,omitempty"`
	RawSQL       string `json:"rawSql,omitempty"`
	EditorType   string `json:"editorType,omitempty"`
	QueryType    string `json:"queryType,omitempty"`
	Format       int    `json:"format,omitempty"` // 1: as a table
}

const gridWidth = 24

// arrange numbers the panels and lays them out from left to right; one that does
// not fit begins the next line. Their GridPos has width and height.
func arrange(panels []Panel) []Panel {
	x, y, tallest := 0, 0, 0
	for i := range panels {
		p := &panels[i]
		if x+p.GridPos.W > gridWidth {
			x, y, tallest = 0, y+tallest, 0
		}
		p.ID, p.GridPos.X, p.GridPos.Y = i+1, x, y
		x += p.GridPos.W
		tallest = max(tallest, p.GridPos.H)
	}
	return panels
}

// sized sets how much of the 24 columns a panel takes, and how many lines.
func (p Panel) sized(w, h int) Panel {
	p.GridPos.W, p.GridPos.H = w, h
	return p
}

// with sets a property of all fields.
func (p Panel) with(key string, value any) Panel {
	p.FieldConfig.Defaults[key] = value
	return p
}

// told adds what a reader should know.
func (p Panel) told(text string) Panel {
	p.Description = text
	return p
}

// field sets properties of one field by its name.
func (p Panel) field(name string, properties ...property) Panel {
	p.FieldConfig.Overrides = append(p.FieldConfig.Overrides, override{matcher{"byName", name}, properties})
	return p
}

// row is a heading over the panels below it.
func row(title string) Panel {
	return newPanel("row", title).sized(gridWidth, 1)
}

func newPanel(kind, title string) Panel {
	return Panel{Type: kind, Title: title, FieldConfig: fieldConfig{Defaults: map[string]any{}, Overrides: []override{}}}
}

// limit colours a value from green over orange to red; worse is upwards.
func limit(warn, bad float64) map[string]any {
	return map[string]any{"mode": "absolute", "steps": []map[string]any{
		{"color": "green", "value": nil}, {"color": "orange", "value": warn}, {"color": "red", "value": bad}}}
}
