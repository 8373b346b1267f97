package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

// Loaded is a valid configuration and where each value came from.
type Loaded struct {
	Config
	Origin map[string]string // key path -> default, file name, variable, flag or endpoints file
}

// Endpoints are the addresses of a running `up`, host:port each, as its
// endpoints.json holds them.
type Endpoints struct {
	Kafka          string `json:"kafka"`
	ClickHouse     string `json:"clickhouse"`
	ClickHouseHTTP string `json:"clickhouse_http"`
	Web            string `json:"web"`
}

// EndpointsFile is the name of that file in the data directory.
const EndpointsFile = "endpoints.json"

// ReadEndpoints reads the endpoints of an `up` on dir; fs.ErrNotExist if none runs.
func ReadEndpoints(dir string) (Endpoints, error) {
	var e Endpoints
	data, err := os.ReadFile(filepath.Join(dir, EndpointsFile))
	if err != nil {
		return e, err
	}
	if err := json.Unmarshal(data, &e); err != nil {
		return e, fmt.Errorf("%s: %w", EndpointsFile, err)
	}
	return e, nil
}

// flagKeys ties command-line flags to configuration keys.
var flagKeys = map[string]string{
	"data":       "data",
	"kafka":      "kafka.brokers",
	"clickhouse": "clickhouse.url",
}

// Load builds the configuration from the flags of a command and validates it.
func Load(flags *pflag.FlagSet) (*Loaded, error) {
	v := viper.New()
	v.SetEnvPrefix("EARSHOT")
	v.SetEnvKeyReplacer(strings.NewReplacer(".", "_"))
	v.AutomaticEnv()
	for flag, key := range flagKeys {
		if f := flags.Lookup(flag); f != nil && f.Changed {
			if err := v.BindPFlag(key, f); err != nil {
				return nil, err
			}
		}
	}
	out := &Loaded{Config: Default(), Origin: map[string]string{}}
	if err := v.Unmarshal(&out.Config); err != nil {
		return nil, err
	}
	if err := out.fillEndpoints(); err != nil {
		return nil, err
	}
	return out, nil
}

func (l *Loaded) fillEndpoints() error {
	if len(l.Kafka.Brokers) > 0 && l.ClickHouse.URL != "" {
		return nil
	}
	e, err := ReadEndpoints(l.Data)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(l.Kafka.Brokers) == 0 {
		l.Kafka.Brokers = []string{e.Kafka}
	}
	if l.ClickHouse.URL == "" {
		l.ClickHouse.URL = "clickhouse://default@" + e.ClickHouse + "/earshot"
	}
	return nil
}
