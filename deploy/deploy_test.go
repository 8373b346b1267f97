// Package deploy checks the files for production. No container engine runs
// here: compose's own loader reads docker-compose.yml, the Dockerfile is checked
// as text for what the other files expect of it.
package deploy

import (
	"encoding/xml"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/spf13/pflag"

	"earshot/cmd/earshot/config"
)

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func compose(t *testing.T, environment types.Mapping) (*types.Project, error) {
	t.Helper()
	return loader.LoadWithContext(t.Context(), types.ConfigDetails{
		WorkingDir:  "..",
		ConfigFiles: []types.ConfigFile{{Filename: "../docker-compose.yml"}},
		Environment: environment,
	})
}

func project(t *testing.T) *types.Project {
	t.Helper()
	p, err := compose(t, types.Mapping{"CLICKHOUSE_PASSWORD": "pw1", "CLICKHOUSE_READER_PASSWORD": "pw2"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestComposeServices(t *testing.T) {
	p := project(t)
	names := p.ServiceNames()
	slices.Sort(names)
	if !slices.Equal(names, []string{"clickhouse", "kafka", "serve", "worker"}) {
		t.Fatalf("services %v", names)
	}
	for name, s := range p.Services {
		checkService(t, name, s)
	}
}

// checkService: a service is pinned, watched, keeps its data and is open to this
// host alone.
func checkService(t *testing.T, name string, s types.ServiceConfig) {
	t.Helper()
	pinned := regexp.MustCompile(`^[a-z/.-]+:v?[0-9]+\.[0-9][a-z0-9.-]*$`)
	if s.HealthCheck == nil || len(s.HealthCheck.Test) < 2 {
		t.Errorf("%s has no health check", name)
	}
	if s.Build == nil && !pinned.MatchString(s.Image) {
		t.Errorf("%s: image %s is not pinned", name, s.Image)
	}
	if s.Build == nil && len(s.Volumes) == 0 {
		t.Errorf("%s keeps its data in no volume", name)
	}
	if len(s.Ports) == 0 {
		t.Errorf("%s has no port", name)
	}
	for _, port := range s.Ports {
		if port.HostIP != "127.0.0.1" {
			t.Errorf("%s: port %s is open to other hosts (%q)", name, port.Published, port.HostIP)
		}
	}
}

// Ours get only variables that mean something, with values that validate.
func TestComposeConfiguration(t *testing.T) {
	p := project(t)
	for _, name := range []string{"worker", "serve"} {
		s := p.Services[name]
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir()) // no earshot.yaml
			for variable, value := range s.Environment {
				if !slices.Contains(config.Variables(), variable) {
					t.Errorf("%s is no variable of Earshot", variable)
				}
				t.Setenv(variable, *value)
			}
			loaded, err := config.Load(pflag.NewFlagSet("compose", pflag.ContinueOnError))
			if err != nil {
				t.Fatal(err)
			}
			if server, err := loaded.Reader(); err != nil || !strings.Contains(server.URL, ":pw") {
				t.Errorf("%s reads from %q, %v", name, server.URL, err)
			}
		})
		if len(s.Command) != 1 || s.Command[0] != name {
			t.Errorf("%s runs %v", name, s.Command)
		}
	}
	for variable, value := range p.Services["serve"].Environment {
		if strings.Contains(*value, "pw1") {
			t.Errorf("serve knows the writer's password: %s", variable)
		}
	}
}

// Without passwords nothing starts, and no file here holds one.
func TestComposeAsksForPasswords(t *testing.T) {
	for _, environment := range []types.Mapping{{}, {"CLICKHOUSE_PASSWORD": "x"}, {"CLICKHOUSE_READER_PASSWORD": "x"}} {
		if _, err := compose(t, environment); err == nil || !strings.Contains(err.Error(), "example.env") {
			t.Errorf("%v: %v, want a hint at example.env", environment, err)
		}
	}
	if m := regexp.MustCompile(`(?m)^[A-Z_]*PASSWORD=(.+)$`).FindString(read(t, "example.env")); m != "" {
		t.Errorf("example.env holds a password: %s", m)
	}
}

// The health checks ask the ports that the services listen on.
func TestComposeHealthChecksMatchPorts(t *testing.T) {
	p := project(t)
	for service, variable := range map[string]string{"worker": "EARSHOT_WORKER_LISTEN", "serve": "EARSHOT_SERVE_LISTEN"} {
		s := p.Services[service]
		_, port, _ := strings.Cut(*s.Environment[variable], ":")
		url := s.HealthCheck.Test[len(s.HealthCheck.Test)-1]
		if !strings.Contains(url, ":"+port+"/readyz") {
			t.Errorf("%s listens on %s, its health check asks %s", service, port, url)
		}
		if !strings.Contains(expose(t), port) {
			t.Errorf("the Dockerfile does not expose %s", port)
		}
	}
}

func expose(t *testing.T) string {
	t.Helper()
	return regexp.MustCompile(`(?m)^EXPOSE .*$`).FindString(read(t, "../Dockerfile"))
}

func TestDockerfile(t *testing.T) {
	text := read(t, "../Dockerfile")
	for _, want := range []string{
		"npm ci", "CGO_ENABLED=0", "COPY --from=web", "COPY --from=build", `ENTRYPOINT ["earshot"]`, "curl",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the Dockerfile lacks %q", want)
		}
	}
	for _, from := range regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(text, -1) {
		if !strings.Contains(from[1], ":") || strings.HasSuffix(from[1], ":latest") {
			t.Errorf("image %s is not pinned", from[1])
		}
	}
	user := regexp.MustCompile(`(?m)^USER (\d+)$`).FindStringSubmatch(text)
	if user == nil || user[1] == "0" {
		t.Error("the image runs as root")
	}
	goVersion := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "../go.mod"))
	if goVersion == nil || !strings.Contains(text, "FROM golang:"+goVersion[1]) {
		t.Error("the Dockerfile builds with another Go than go.mod names")
	}
	for _, file := range regexp.MustCompile(`(?m)^COPY (dashboards/web/.+) \./$`).FindAllStringSubmatch(text, -1) {
		for _, path := range strings.Fields(file[1]) {
			if _, err := os.Stat("../" + path); err != nil {
				t.Errorf("the Dockerfile copies what is not there: %v", err)
			}
		}
	}
}

// The reading user is the same on a server of one's own and on the embedded engine.
func TestReaderUserIsTheEmbeddedOne(t *testing.T) {
	own, built := readerOf(t, "clickhouse/users.d/earshot_reader.xml"), readerOf(t, "../internal/embedded/config/users.xml")
	if own != built {
		t.Errorf("profile and grants differ:\n%+v\n%+v", own, built)
	}
	if own.ReadOnly != 2 || !strings.Contains(own.Grant, "SELECT ON earshot.*") {
		t.Errorf("the reader may do more than read: %+v", own)
	}
	if password := regexp.MustCompile(`<password[^>]*>`).FindString(read(t, "clickhouse/users.d/earshot_reader.xml")); !strings.Contains(password, "from_env") {
		t.Errorf("the password must come from the environment: %s", password)
	}
}

type readerUser struct {
	ReadOnly  int    `xml:"profiles>reader>readonly"`
	Memory    int64  `xml:"profiles>reader>max_memory_usage"`
	Seconds   int    `xml:"profiles>reader>max_execution_time"`
	MaxMemory int64  `xml:"profiles>reader>constraints>max_memory_usage>max"`
	MaxTime   int    `xml:"profiles>reader>constraints>max_execution_time>max"`
	Profile   string `xml:"users>earshot_reader>profile"`
	Grant     string `xml:"users>earshot_reader>grants>query"`
}

func readerOf(t *testing.T, path string) readerUser {
	t.Helper()
	var u readerUser
	if err := xml.Unmarshal([]byte(read(t, path)), &u); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return u
}
