package embedded

import (
	"bytes"
	"embed"
	"encoding/xml"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

//go:embed config/*.xml
var configFS embed.FS

// engineFiles are the paths of one engine's configuration and state.
type engineFiles struct {
	Data, Config, Users, Log, History string
}

func filesIn(dir string) engineFiles {
	return engineFiles{
		Data:    filepath.Join(dir, "data"),
		Config:  filepath.Join(dir, "engine.xml"),
		Users:   filepath.Join(dir, "users.xml"),
		Log:     filepath.Join(dir, "engine.log"),
		History: filepath.Join(dir, "history"),
	}
}

// write generates the engine's configuration for these addresses.
func (f engineFiles) write(tcp, http string) error {
	host, tcpPort, err := net.SplitHostPort(tcp)
	if err != nil {
		return err
	}
	_, httpPort, err := net.SplitHostPort(http)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(f.Data, 0o700); err != nil {
		return err
	}
	values := struct {
		engineFiles
		Host, TCPPort, HTTPPort string
	}{f, host, tcpPort, httpPort}
	for name, path := range map[string]string{"engine.xml": f.Config, "users.xml": f.Users} {
		text, err := render(name, values)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func render(name string, values any) ([]byte, error) {
	funcs := template.FuncMap{"xml": func(s string) (string, error) {
		var b strings.Builder
		err := xml.EscapeText(&b, []byte(s))
		return b.String(), err
	}}
	t, err := template.New(name).Funcs(funcs).ParseFS(configFS, "config/"+name)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, values)
	return out.Bytes(), err
}
