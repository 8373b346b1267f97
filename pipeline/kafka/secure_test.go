package kafka

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"earshot/internal/kafkatest"
	"earshot/internal/tlsconn"
	"earshot/pipeline"
)

// TestRealKafkaSecured goes through every way in of a real broker, and through
// every way not to get in.
func TestRealKafkaSecured(t *testing.T) {
	broker := kafkatest.New(t, kafkatest.Options{Secure: true})
	s := broker.Secured()
	login := func(mechanism string) SASL {
		return SASL{Mechanism: mechanism, Username: s.Username, Password: s.Password}
	}
	trusted, mutual := &tlsconn.Files{CA: s.CAFile}, &tlsconn.Files{CA: s.CAFile, Cert: s.CertFile, Key: s.KeyFile}
	stranger := &tlsconn.Files{CA: s.CAFile, Cert: s.OtherCertFile, Key: s.OtherKeyFile}
	wrong := SASL{Mechanism: "plain", Username: s.Username, Password: "hush"}
	wrongScram := SASL{Mechanism: "scram-sha-512", Username: s.Username, Password: "hush"}
	cases := []struct {
		name string
		addr string
		tls  *tlsconn.Files
		sasl SASL
		want string // "" gets in; else the error has it
	}{
		{name: "TLS", addr: s.TLS, tls: trusted},
		{name: "mutual TLS", addr: s.MutualTLS, tls: mutual},
		{name: "PLAIN over TLS", addr: s.SASLTLS, tls: trusted, sasl: login("plain")},
		{name: "SCRAM-SHA-256 over TLS", addr: s.SASLTLS, tls: trusted, sasl: login("scram-sha-256")},
		{name: "SCRAM-SHA-512 over TLS", addr: s.SASLTLS, tls: trusted, sasl: login("scram-sha-512")},
		{name: "PLAIN", addr: s.SASL, sasl: login("plain")},
		{name: "SCRAM-SHA-256", addr: s.SASL, sasl: login("scram-sha-256")},
		{name: "SCRAM-SHA-512", addr: s.SASL, sasl: login("scram-sha-512")},

		{name: "wrong password, PLAIN", addr: s.SASLTLS, tls: trusted, sasl: wrong, want: "user app is refused"},
		{name: "wrong password, SCRAM", addr: s.SASL, sasl: wrongScram, want: "user app is refused"},
		{name: "unknown authority", addr: s.TLS, tls: &tlsconn.Files{CA: s.OtherCAFile}, want: "signed by an unknown authority"},
		{name: "authorities of the system", addr: s.TLS, tls: &tlsconn.Files{}, want: "signed by an unknown authority"},
		{name: "no certificate", addr: s.MutualTLS, tls: trusted, want: "refuses our certificate"},
		{name: "certificate of a stranger", addr: s.MutualTLS, tls: stranger, want: "refuses our certificate"},
		{name: "plain client on a TLS port", addr: s.TLS, want: "wants TLS there: set kafka.tls"},
		{name: "login where none is wanted", addr: s.TLS, tls: trusted, sasl: login("plain"), want: "does not expect a login"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			cluster := Cluster{Brokers: []string{tc.addr}, TLS: tc.tls, SASL: tc.sasl}
			if tc.want == "" {
				useCluster(t, cluster)
				return
			}
			for call, err := range refusedCalls(t, cluster) {
				var refused *AccessError
				if !errors.As(err, &refused) {
					t.Errorf("%s: %v is no AccessError", call, err)
				}
				checkClearLine(t, err, tc.want)
			}
		})
	}
	t.Run("broker that hangs up", func(t *testing.T) { testHungUp(t, broker) })
}

// testHungUp: a broker hangs up on who speaks another protocol, as it does when
// it restarts; so the error may pass, but it hints at the settings.
func testHungUp(t *testing.T, broker *kafkatest.Broker) {
	s := broker.Secured()
	for want, cluster := range map[string]Cluster{
		"does it speak TLS":         {Brokers: []string{broker.Addr()}, TLS: &tlsconn.Files{CA: s.CAFile}},
		"want a login (kafka.sasl)": {Brokers: []string{s.SASL}},
		"no such file":              {Brokers: []string{s.TLS}, TLS: &tlsconn.Files{CA: s.CAFile + ".old"}},
	} {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		err := EnsureTopics(ctx, cluster, []TopicSpec{{Name: "t", Partitions: 1}})
		var unreachable *UnreachableError
		if !errors.As(err, &unreachable) {
			t.Errorf("%v is no UnreachableError", err)
		}
		checkClearLine(t, err, want)
	}
}

func checkClearLine(t *testing.T, err error, want string) {
	t.Helper()
	text := fmt.Sprint(err)
	if !strings.Contains(text, want) || strings.Contains(text, "hush") || strings.Contains(text, "\n") {
		t.Errorf("got %q, want one line with %q and without the password", text, want)
	}
	t.Log(text)
}

// useCluster creates a topic, sends a message and reads it back.
func useCluster(t *testing.T, cluster Cluster) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	topic := strings.ReplaceAll(t.Name(), "/", ".")
	if err := EnsureTopics(ctx, cluster, []TopicSpec{{Name: topic, Partitions: 1}}); err != nil {
		t.Fatal(err)
	}
	producer := NewProducer(Options{Cluster: cluster, Topic: topic})
	if err := producer.Send(ctx, []pipeline.OutMessage{{Value: []byte("hello")}}); err != nil {
		t.Error(err)
	}
	if err := producer.Close(); err != nil {
		t.Error(err)
	}
	source := NewSource(Options{Cluster: cluster, Group: "earshot"})
	defer source.Close()
	tp := pipeline.TopicPartition{Topic: topic}
	got := readAll(t, source, tp, 0)
	if len(got) != 1 || string(got[0].Value) != "hello" {
		t.Errorf("read %v", got)
	}
	waitFor(ctx, t, "commit", func() error { return source.Commit(ctx, tp, 1) }) // the group's coordinator is to be found
}

// refusedCalls returns what each call says of a cluster that cannot be used.
func refusedCalls(t *testing.T, cluster Cluster) map[string]error {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	source := NewSource(Options{Cluster: cluster})
	defer source.Close()
	_, partitions := source.Partitions(ctx, "t")
	_, fetch := source.Fetch(ctx, pipeline.TopicPartition{Topic: "t"}, 0)
	return map[string]error{
		"EnsureTopics": EnsureTopics(ctx, cluster, []TopicSpec{{Name: "t", Partitions: 1}}),
		"Partitions":   partitions, "Fetch": fetch,
	}
}
