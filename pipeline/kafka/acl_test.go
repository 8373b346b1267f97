package kafka

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"earshot/internal/kafkatest"
	"earshot/pipeline"
)

// TestRealKafkaRights: the rights that docs/operations.md asks for are enough.
func TestRealKafkaRights(t *testing.T) {
	broker := kafkatest.New(t, kafkatest.Options{Secure: true, Properties: map[string]string{
		"authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
		"super.users":           "User:ANONYMOUS", // whoever comes by the plain listener
	}})
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	s := broker.Secured()
	cluster := Cluster{Brokers: []string{s.SASL}, SASL: SASL{Mechanism: "scram-sha-256", Username: s.Username, Password: s.Password}}
	topics := []TopicSpec{{Name: "events", Partitions: 2}, {Name: "letters", Partitions: 1}}

	err := EnsureTopics(ctx, cluster, topics)
	var refused *AccessError
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), "user app may not") {
		t.Errorf("without any right: %v", err)
	}
	if err := EnsureTopics(ctx, Cluster{Brokers: []string{broker.Addr()}}, topics); err != nil {
		t.Fatal(err)
	}
	grant(ctx, t, broker, s.Username)

	source := NewSource(Options{Cluster: cluster, Group: "earshot", MaxWait: 50 * time.Millisecond})
	defer source.Close()
	tp := pipeline.TopicPartition{Topic: "events", Partition: 1}
	waitFor(ctx, t, "topics", func() error { return EnsureTopics(ctx, cluster, topics) }) // rights take a moment
	waitFor(ctx, t, "partitions", func() error { _, err := source.Partitions(ctx, "events"); return err })
	waitFor(ctx, t, "bounds", func() error { _, _, err := source.Bounds(ctx, tp); return err })
	waitFor(ctx, t, "fetch", func() error { _, err := source.Fetch(ctx, tp, 0); return err })
	waitFor(ctx, t, "commit", func() error { return source.Commit(ctx, tp, 0) })
	producer := NewProducer(Options{Cluster: cluster, Topic: "letters"})
	waitFor(ctx, t, "dead letter", func() error { return producer.Send(ctx, []pipeline.OutMessage{{Value: []byte("a")}}) })
	if err := producer.Close(); err != nil {
		t.Error(err)
	}
	producer = NewProducer(Options{Cluster: cluster, Topic: "events"})
	if err := producer.Send(ctx, []pipeline.OutMessage{{Value: []byte("a")}}); err == nil {
		t.Error("the user may write events: the rights are not looked at")
	}
	if err := producer.Close(); err != nil {
		t.Error(err)
	}
}

// grant gives the user the rights of docs/operations.md.
func grant(ctx context.Context, t *testing.T, broker *kafkatest.Broker, user string) {
	t.Helper()
	allow := func(kind kafkago.ResourceType, name string, op kafkago.ACLOperationType) kafkago.ACLEntry {
		return kafkago.ACLEntry{
			ResourceType: kind, ResourceName: name, ResourcePatternType: kafkago.PatternTypeLiteral,
			Principal: "User:" + user, Host: "*", Operation: op, PermissionType: kafkago.ACLPermissionTypeAllow,
		}
	}
	client, transport := Cluster{Brokers: []string{broker.Addr()}}.client()
	defer transport.CloseIdleConnections()
	answer, err := client.CreateACLs(ctx, &kafkago.CreateACLsRequest{ACLs: []kafkago.ACLEntry{
		allow(kafkago.ResourceTypeTopic, "events", kafkago.ACLOperationTypeRead),
		allow(kafkago.ResourceTypeTopic, "events", kafkago.ACLOperationTypeDescribe),
		allow(kafkago.ResourceTypeTopic, "letters", kafkago.ACLOperationTypeWrite),
		allow(kafkago.ResourceTypeTopic, "letters", kafkago.ACLOperationTypeDescribe),
		allow(kafkago.ResourceTypeGroup, "earshot", kafkago.ACLOperationTypeRead),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(answer.Errors...); err != nil {
		t.Fatal(err)
	}
}

// waitFor tries until ctx ends.
func waitFor(ctx context.Context, t *testing.T, what string, try func() error) {
	t.Helper()
	for err := try(); err != nil; err = try() {
		select {
		case <-ctx.Done():
			t.Fatalf("%s: %v", what, err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}
