package kafkatest

import (
	"bytes"
	_ "embed"
	"net"
	"os"
	"path/filepath"
	"text/template"

	"earshot/internal/testca"
)

//go:embed server.properties.tmpl
var propertiesTemplate string

type files struct{ dir, lib, properties, keystore, data, log string }

func filesIn(dir, lib string) files {
	return files{
		dir: dir, lib: lib,
		properties: filepath.Join(dir, "server.properties"), keystore: filepath.Join(dir, "server-keystore.pem"),
		data: filepath.Join(dir, "data"), log: filepath.Join(dir, "broker.log"),
	}
}

// The listeners, in the order of addresses.
const (
	listenPlain = iota
	listenController
	listenTLS
	listenMutualTLS
	listenSASLTLS
	listenSASL
	listeners // how many
)

type addresses [listeners]string

// freeAddresses picks ports that nobody listens on now.
func freeAddresses() (addresses, error) {
	var found addresses
	for i := range found {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return found, err
		}
		defer l.Close() // at the end, so that no port comes twice
		found[i] = l.Addr().String()
	}
	return found, nil
}

// Secured are a secure broker's listeners and what a client of them needs. The
// SASL listeners know PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512.
type Secured struct {
	TLS, MutualTLS, SASLTLS, SASL string // host:port

	CAFile, CertFile, KeyFile                string // that the broker trusts
	OtherCAFile, OtherCertFile, OtherKeyFile string // of an authority that it does not know
	Username, Password                       string
}

// secure makes the certificates and the broker's key store.
func secure(f files, addrs addresses) (*Secured, error) {
	s := &Secured{
		TLS: addrs[listenTLS], MutualTLS: addrs[listenMutualTLS], SASLTLS: addrs[listenSASLTLS], SASL: addrs[listenSASL],
		Username: "app", Password: "app-secret",
	}
	ca, err := testca.New(f.dir, "ca")
	if err != nil {
		return nil, err
	}
	other, err := testca.New(f.dir, "other-ca")
	if err != nil {
		return nil, err
	}
	s.CAFile, s.OtherCAFile = ca.CertFile(), other.CertFile()
	if s.CertFile, s.KeyFile, err = ca.Issue("client"); err != nil {
		return nil, err
	}
	if s.OtherCertFile, s.OtherKeyFile, err = other.Issue("other-client"); err != nil {
		return nil, err
	}
	cert, key, err := ca.Issue("server")
	if err != nil {
		return nil, err
	}
	var store []byte
	for _, path := range []string{key, cert, s.CAFile} {
		part, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		store = append(store, part...)
	}
	return s, os.WriteFile(f.keystore, store, 0o600)
}

// configure writes the broker's properties.
func (b *Broker) configure() error {
	t, err := template.New("server.properties").Parse(propertiesTemplate)
	if err != nil {
		return err
	}
	advertised := b.opts.Advertised
	if advertised == "" {
		advertised = b.Addr()
	}
	var out bytes.Buffer
	err = t.Execute(&out, struct {
		Plain, Controller, Advertised, Data, Keystore string
		Secured                                       *Secured
		SASLListeners                                 []string
		Properties                                    map[string]string
	}{
		b.Addr(), b.addrs[listenController], advertised, b.files.data, b.files.keystore,
		b.secured, []string{"sasltls", "sasl"}, b.opts.Properties,
	})
	if err != nil {
		return err
	}
	return os.WriteFile(b.files.properties, out.Bytes(), 0o600)
}
