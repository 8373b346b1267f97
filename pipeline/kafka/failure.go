package kafka

import (
	"errors"

	kafkago "github.com/segmentio/kafka-go"

	"earshot/pipeline"
)

// BrokerError is an error code of Kafka that Earshot knows what to do about.
type BrokerError struct {
	Code   kafkago.Error
	Name   string // as Kafka's documentation has it
	Class  pipeline.FailureClass
	Advice string // of a fatal one
}

const (
	adviceLogin = "check kafka.sasl, kafka.username and kafka.password"
	adviceRead  = "let the user READ and DESCRIBE the events topic, and WRITE to the dead letters'"
	adviceGroup = "let the user READ the consumer group, or run without --group"
	adviceTopic = "check kafka.events_topic and kafka.deadletters_topic"
	adviceOld   = "the broker is too old or too new: see docs/operations.md for the versions that work"
)

// BrokerErrors lists the codes that are judged. All others are retryable.
func BrokerErrors() []BrokerError {
	return []BrokerError{
		{Code: kafkago.UnknownTopicOrPartition, Name: "UNKNOWN_TOPIC_OR_PARTITION", Class: pipeline.Retryable},
		{Code: kafkago.LeaderNotAvailable, Name: "LEADER_NOT_AVAILABLE", Class: pipeline.Retryable},
		{Code: kafkago.NotLeaderForPartition, Name: "NOT_LEADER_OR_FOLLOWER", Class: pipeline.Retryable},
		{Code: kafkago.RequestTimedOut, Name: "REQUEST_TIMED_OUT", Class: pipeline.Retryable},
		{Code: kafkago.NotEnoughReplicas, Name: "NOT_ENOUGH_REPLICAS", Class: pipeline.Retryable},
		{Code: kafkago.KafkaStorageError, Name: "KAFKA_STORAGE_ERROR", Class: pipeline.Retryable},
		{Code: kafkago.ThrottlingQuotaExceeded, Name: "THROTTLING_QUOTA_EXCEEDED", Class: pipeline.Retryable},
		{Code: kafkago.RebalanceInProgress, Name: "REBALANCE_IN_PROGRESS", Class: pipeline.Retryable},
		{Code: kafkago.UnknownMemberId, Name: "UNKNOWN_MEMBER_ID", Class: pipeline.Retryable},

		{Code: kafkago.MessageSizeTooLarge, Name: "MESSAGE_TOO_LARGE", Class: pipeline.FailsBatch},
		{Code: kafkago.RecordListTooLarge, Name: "RECORD_LIST_TOO_LARGE", Class: pipeline.FailsBatch},

		{Code: kafkago.InvalidTimestamp, Name: "INVALID_TIMESTAMP", Class: pipeline.FailsRecord},
		{Code: kafkago.InvalidRecord, Name: "INVALID_RECORD", Class: pipeline.FailsRecord},

		{Code: kafkago.InvalidTopic, Name: "INVALID_TOPIC_EXCEPTION", Class: pipeline.Fatal, Advice: adviceTopic},
		{Code: kafkago.InconsistentGroupProtocol, Name: "INCONSISTENT_GROUP_PROTOCOL", Class: pipeline.Fatal, Advice: "another program uses this group: choose another --group"},
		{Code: kafkago.InvalidGroupId, Name: "INVALID_GROUP_ID", Class: pipeline.Fatal, Advice: "choose another --group"},
		{Code: kafkago.InvalidSessionTimeout, Name: "INVALID_SESSION_TIMEOUT", Class: pipeline.Fatal, Advice: "let the broker take sessions of 6 s: group.min.session.timeout.ms, group.max.session.timeout.ms"},
		{Code: kafkago.TopicAuthorizationFailed, Name: "TOPIC_AUTHORIZATION_FAILED", Class: pipeline.Fatal, Advice: adviceRead},
		{Code: kafkago.GroupAuthorizationFailed, Name: "GROUP_AUTHORIZATION_FAILED", Class: pipeline.Fatal, Advice: adviceGroup},
		{Code: kafkago.ClusterAuthorizationFailed, Name: "CLUSTER_AUTHORIZATION_FAILED", Class: pipeline.Fatal, Advice: adviceRead},
		{Code: kafkago.UnsupportedSASLMechanism, Name: "UNSUPPORTED_SASL_MECHANISM", Class: pipeline.Fatal, Advice: adviceLogin},
		{Code: kafkago.IllegalSASLState, Name: "ILLEGAL_SASL_STATE", Class: pipeline.Fatal, Advice: adviceLogin},
		{Code: kafkago.UnsupportedVersion, Name: "UNSUPPORTED_VERSION", Class: pipeline.Fatal, Advice: adviceOld},
		{Code: kafkago.SASLAuthenticationFailed, Name: "SASL_AUTHENTICATION_FAILED", Class: pipeline.Fatal, Advice: adviceLogin},
		{Code: kafkago.UnsupportedCompressionType, Name: "UNSUPPORTED_COMPRESSION_TYPE", Class: pipeline.Fatal, Advice: adviceOld},
	}
}

// Classify implements pipeline.Classifier for errors of brokers and of their
// connections.
func Classify(err error) (f pipeline.Failure, known bool) {
	var (
		access   *AccessError
		refused  kafkago.Error
		tooLarge *pipeline.TooLargeError
	)
	switch {
	case errors.As(err, &access):
		return pipeline.Failure{Class: pipeline.Fatal}, true // says itself what to do
	case errors.As(err, &tooLarge):
		return pipeline.Failure{Class: pipeline.FailsRecord}, true
	case errors.As(err, &refused):
		for _, e := range BrokerErrors() {
			if e.Code == refused {
				return pipeline.Failure{Class: e.Class, Advice: e.Advice}, true
			}
		}
		return pipeline.Failure{Class: pipeline.Retryable}, true
	}
	return pipeline.Failure{}, false
}
