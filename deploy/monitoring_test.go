package deploy

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"go.yaml.in/yaml/v3"

	"earshot/internal/telemetry"
)

// monitored is the project with the profile monitoring.
func monitored(t *testing.T) *types.Project {
	t.Helper()
	p, err := loader.LoadWithContext(t.Context(), types.ConfigDetails{
		WorkingDir:  "..",
		ConfigFiles: []types.ConfigFile{{Filename: "../docker-compose.yml"}},
		Environment: types.Mapping{"CLICKHOUSE_PASSWORD": "pw1", "CLICKHOUSE_READER_PASSWORD": "pw2"},
	}, loader.WithProfiles([]string{"monitoring"}))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestMonitoringServices(t *testing.T) {
	p := monitored(t)
	names := p.ServiceNames()
	slices.Sort(names)
	if !slices.Equal(names, []string{"clickhouse", "grafana", "kafka", "prometheus", "serve", "worker"}) {
		t.Fatalf("services %v", names)
	}
	for _, name := range []string{"prometheus", "grafana"} {
		s := p.Services[name]
		checkService(t, name, s)
		for variable, value := range s.Environment {
			if value != nil && strings.Contains(*value, "pw1") {
				t.Errorf("%s knows the writer's password: %s", name, variable)
			}
		}
		for _, v := range s.Volumes {
			if v.Type != types.VolumeTypeBind {
				continue
			}
			if _, err := os.Stat(filepath.Join("..", strings.TrimPrefix(v.Source, p.WorkingDir))); err != nil {
				t.Errorf("%s mounts what is not there: %v", name, err)
			}
		}
	}
	if password := p.Services["grafana"].Environment["GF_SECURITY_ADMIN_PASSWORD"]; password == nil || *password != "pw2" {
		t.Error("Grafana starts with a password that everybody knows")
	}
}

// readYAML refuses keys that the target does not have.
func readYAML(t *testing.T, path string, into any) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	dec := yaml.NewDecoder(file)
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// Prometheus asks the ports that the services listen on.
func TestPrometheusAsksWhoListens(t *testing.T) {
	var config struct {
		Global map[string]string `yaml:"global"`
		Rules  []string          `yaml:"rule_files"`
		Scrape []struct {
			Job string `yaml:"job_name"`
			DNS []struct {
				Names []string `yaml:"names"`
				Type  string   `yaml:"type"`
				Port  int      `yaml:"port"`
			} `yaml:"dns_sd_configs"`
			Static []struct {
				Targets []string `yaml:"targets"`
			} `yaml:"static_configs"`
		} `yaml:"scrape_configs"`
	}
	readYAML(t, "prometheus/prometheus.yml", &config)
	p := monitored(t)
	if len(config.Scrape) != 2 || !slices.Equal(config.Rules, []string{"alerts.yml"}) {
		t.Fatalf("%+v", config)
	}
	worker, serve := config.Scrape[0], config.Scrape[1]
	if worker.DNS[0].Names[0] != "worker" || worker.DNS[0].Port != 9464 || *p.Services["worker"].Environment["EARSHOT_WORKER_LISTEN"] != "0.0.0.0:9464" {
		t.Errorf("workers are asked at %+v", worker.DNS)
	}
	if serve.Static[0].Targets[0] != "serve:8080" || *p.Services["serve"].Environment["EARSHOT_SERVE_LISTEN"] != "0.0.0.0:8080" {
		t.Errorf("serve is asked at %+v", serve.Static)
	}
}

type alertRule struct {
	Alert       string            `yaml:"alert"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

func alertRules(t *testing.T) []alertRule {
	t.Helper()
	var file struct {
		Groups []struct {
			Name  string      `yaml:"name"`
			Rules []alertRule `yaml:"rules"`
		} `yaml:"groups"`
	}
	readYAML(t, "prometheus/alerts.yml", &file)
	var all []alertRule
	for _, g := range file.Groups {
		all = append(all, g.Rules...)
	}
	if len(all) < 8 {
		t.Fatalf("%d rules", len(all))
	}
	return all
}

// Each alert says how grave it is, what it found, and which section of the
// operations page helps.
func TestAlertsHaveRunbooks(t *testing.T) {
	page := read(t, "../docs/operations.md")
	anchors := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^#{2,4} (.+)$`).FindAllStringSubmatch(page, -1) {
		anchors[strings.ReplaceAll(strings.ToLower(m[1]), " ", "-")] = true
	}
	seen := map[string]bool{}
	for _, r := range alertRules(t) {
		file, anchor, _ := strings.Cut(r.Annotations["runbook"], "#")
		if file != "docs/operations.md" || !anchors[anchor] {
			t.Errorf("%s: no section %q", r.Alert, r.Annotations["runbook"])
		}
		if seen[r.Alert] || r.Annotations["summary"] == "" || !slices.Contains([]string{"warning", "critical"}, r.Labels["severity"]) {
			t.Errorf("%s: twice, or without a summary or a severity", r.Alert)
		}
		seen[r.Alert] = true
	}
}

// Dashboards and alerts name metrics and labels that the registry has.
func TestDashboardsAndAlertsNameMetrics(t *testing.T) {
	known := knownMetrics(t)
	for _, r := range alertRules(t) {
		known.check(t, r.Alert, r.Expr)
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr, LegendFormat string }
		}
	}
	if err := json.Unmarshal([]byte(read(t, "../dashboards/grafana/operations.json")), &dashboard); err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, p := range dashboard.Panels {
		for _, target := range p.Targets {
			asked++
			known.check(t, p.Title, target.Expr)
			for _, m := range regexp.MustCompile(`{{(\w+)}}`).FindAllStringSubmatch(target.LegendFormat, -1) {
				if !known.labels[m[1]] {
					t.Errorf("%s: the legend names %s, which no metric has", p.Title, m[1])
				}
			}
		}
	}
	if asked < 20 {
		t.Errorf("only %d questions found in the dashboard", asked)
	}
}

// A metric that no dashboard and no alert shows is either missing there or not
// worth its place in the registry.
func TestEachMetricIsShown(t *testing.T) {
	shown := read(t, "../dashboards/grafana/operations.json") + read(t, "prometheus/alerts.yml")
	for _, f := range telemetry.New().Families() {
		if !strings.Contains(shown, f.Name) {
			t.Errorf("%s is in no dashboard and no alert", f.Name)
		}
	}
}

func scrape(t *testing.T, tel *telemetry.Telemetry) string {
	t.Helper()
	w := httptest.NewRecorder()
	tel.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return w.Body.String()
}

// vocabulary is what a query may name.
type vocabulary struct{ metrics, labels map[string]bool }

func knownMetrics(t *testing.T) vocabulary {
	t.Helper()
	v := vocabulary{metrics: map[string]bool{"up": true}, labels: map[string]bool{"job": true, "instance": true, "le": true}}
	tel := telemetry.New()
	for _, f := range tel.Families() {
		names := []string{f.Name}
		if f.Kind == "histogram" {
			names = []string{f.Name + "_bucket", f.Name + "_sum", f.Name + "_count"}
		}
		for _, name := range names {
			v.metrics[name] = true
		}
		for _, label := range f.Labels {
			v.labels[label] = true
		}
	}
	// Those of Go and of the process, from where Prometheus reads them.
	for _, m := range regexp.MustCompile(`(?m)^((?:go|process)_\w+)`).FindAllString(scrape(t, tel), -1) {
		v.metrics[m] = true
	}
	return v
}

var (
	quoted    = regexp.MustCompile(`"[^"]*"`)
	grouping  = regexp.MustCompile(`\b(by|on|ignoring|without|group_left|group_right)\s*\(([^)]*)\)`)
	selectors = regexp.MustCompile(`{([^}]*)}`)
	matching  = regexp.MustCompile(`(\w+)\s*(?:=~|!~|!=|=)`)
	metric    = regexp.MustCompile(`[a-zA-Z_:][a-zA-Z0-9_:]*\b`)
	variable  = regexp.MustCompile(`\$\w+`)
	functions = regexp.MustCompile(`[a-z_]+\s*\(`)
	duration  = regexp.MustCompile(`\[[^\]]*\]`)
	operators = regexp.MustCompile(`\b(and|or|unless|sum|max|min|avg|count)\b`)
)

func (v vocabulary) check(t *testing.T, where, expr string) {
	t.Helper()
	for _, wrong := range v.unknown(expr) {
		t.Errorf("%s: %s", where, wrong)
	}
}

// unknown takes a query apart: what is neither string, label, function nor
// operator is a metric.
func (v vocabulary) unknown(expr string) (found []string) {
	rest := quoted.ReplaceAllString(expr, "")
	var labels []string
	for _, m := range grouping.FindAllStringSubmatch(rest, -1) {
		labels = append(labels, strings.Split(m[2], ",")...)
	}
	rest = grouping.ReplaceAllString(rest, "")
	for _, m := range selectors.FindAllStringSubmatch(rest, -1) {
		for _, label := range matching.FindAllStringSubmatch(m[1], -1) {
			labels = append(labels, label[1])
		}
	}
	for _, label := range labels {
		if !v.labels[strings.TrimSpace(label)] {
			found = append(found, "no metric has the label "+label)
		}
	}
	for _, noise := range []*regexp.Regexp{selectors, duration, variable, operators, functions} {
		rest = noise.ReplaceAllString(rest, " ")
	}
	names := metric.FindAllString(rest, -1)
	if len(names) == 0 {
		found = append(found, "asks for nothing")
	}
	for _, name := range names {
		if !v.metrics[name] {
			found = append(found, "there is no metric "+name)
		}
	}
	return found
}

// TestUnknownIsFound is the control of the checks above.
func TestUnknownIsFound(t *testing.T) {
	v := vocabulary{metrics: map[string]bool{"earshot_ready": true}, labels: map[string]bool{"job": true}}
	for expr, want := range map[string]string{
		`sum by (job) (rate(earshot_ready{job=~"a.*"}[5m])) > 0.02 * 3`: "",
		`sum by (jobs) (earshot_ready)`:                                 "no metric has the label jobs",
		`earshot_raedy == 0`:                                            "there is no metric earshot_raedy",
		`earshot_ready{jbo="x"}`:                                        "no metric has the label jbo",
		`time() - max(earshot_ready) > 6 * 3600`:                        "",
	} {
		if got := strings.Join(v.unknown(expr), "; "); got != want {
			t.Errorf("%s: %q, want %q", expr, got, want)
		}
	}
}
