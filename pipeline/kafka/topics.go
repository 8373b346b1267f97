package kafka

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	kafkago "github.com/segmentio/kafka-go"
)

// TopicSpec is a topic as Earshot wants it. Existing topics are left as they are.
type TopicSpec struct {
	Name       string
	Partitions int
	Config     map[string]string // topic configuration, e.g. max.message.bytes
}

// EnsureTopics creates the topics that are missing and returns once each one
// has a leader for every partition.
func EnsureTopics(ctx context.Context, cluster Cluster, specs []TopicSpec) error {
	client, transport := cluster.client()
	defer transport.CloseIdleConnections()
	missing, err := missingTopics(ctx, client, specs)
	if err != nil {
		return fmt.Errorf("topics: %w", cluster.explain(err))
	}
	if err := createMissing(ctx, client, missing); err != nil {
		return fmt.Errorf("create topics: %w", cluster.explain(err))
	}
	for _, spec := range specs {
		if _, err := cluster.awaitLeaders(ctx, client, spec.Name); err != nil {
			return fmt.Errorf("topic %s: %w", spec.Name, err)
		}
	}
	return nil
}

// missingTopics are those that the metadata do not show: asked to create one that
// exists, a broker refuses a user who may not create topics. And they are asked
// first, for they say why a broker does not let us in; CreateTopics does not.
func missingTopics(ctx context.Context, client *kafkago.Client, specs []TopicSpec) ([]TopicSpec, error) {
	names := make([]string, len(specs))
	for i, spec := range specs {
		names[i] = spec.Name
	}
	meta, err := client.Metadata(ctx, &kafkago.MetadataRequest{Topics: names})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(specs), func(spec TopicSpec) bool {
		return slices.ContainsFunc(meta.Topics, func(t kafkago.Topic) bool { return t.Name == spec.Name && t.Error == nil })
	}), nil
}

func createMissing(ctx context.Context, client *kafkago.Client, specs []TopicSpec) error {
	if len(specs) == 0 {
		return nil
	}
	configs := make([]kafkago.TopicConfig, len(specs))
	for i, spec := range specs {
		configs[i] = kafkago.TopicConfig{Topic: spec.Name, NumPartitions: spec.Partitions, ReplicationFactor: -1}
		for name, value := range spec.Config {
			configs[i].ConfigEntries = append(configs[i].ConfigEntries, kafkago.ConfigEntry{ConfigName: name, ConfigValue: value})
		}
	}
	created, err := client.CreateTopics(ctx, &kafkago.CreateTopicsRequest{Topics: configs})
	if err != nil {
		return err
	}
	var failed []error
	for name, err := range created.Errors {
		if err != nil && !errors.Is(err, kafkago.TopicAlreadyExists) {
			failed = append(failed, fmt.Errorf("%s: %w", name, err))
		}
	}
	return errors.Join(failed...)
}

// awaitLeaders waits until every partition of the topic has a leader and
// returns the partitions in ascending order. It does not wait to be let in.
func (c Cluster) awaitLeaders(ctx context.Context, client *kafkago.Client, topic string) ([]int32, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	for {
		partitions, err := led(ctx, client, topic)
		if err == nil {
			return partitions, nil
		}
		err = c.explain(err)
		var refused *AccessError
		if errors.As(err, &refused) {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func led(ctx context.Context, client *kafkago.Client, topic string) ([]int32, error) {
	meta, err := client.Metadata(ctx, &kafkago.MetadataRequest{Topics: []string{topic}})
	if err != nil {
		return nil, err
	}
	if len(meta.Topics) != 1 {
		return nil, kafkago.UnknownTopicOrPartition
	}
	t := meta.Topics[0]
	if t.Error != nil {
		return nil, t.Error
	}
	partitions := make([]int32, 0, len(t.Partitions))
	for _, p := range t.Partitions {
		if p.Error != nil {
			return nil, fmt.Errorf("partition %d: %w", p.ID, p.Error)
		}
		if p.Leader.Host == "" {
			return nil, fmt.Errorf("partition %d: %w", p.ID, kafkago.LeaderNotAvailable)
		}
		partitions = append(partitions, int32(p.ID))
	}
	if len(partitions) == 0 {
		return nil, kafkago.UnknownTopicOrPartition
	}
	slices.Sort(partitions)
	return partitions, nil
}
