package pipeline

import "time"

// Stage names a step of the worker, in metrics and in the log.
type Stage string

// The stages of a partition, in order.
const (
	StageFetch   Stage = "fetch"
	StageAnalyse Stage = "analyse"
	StageClaim   Stage = "claim"   // waiting for another partition that holds the same event id
	StageCheck   Stage = "check"   // looking up which ids are stored
	StageReject  Stage = "reject"  // publishing dead letters
	StageWrite   Stage = "write"   // the insert
	StageRecover Stage = "recover" // fence and position
	StageCommit  Stage = "commit"  // offset commit, for lag display only
)

// Observer watches a Worker. Its methods are called from many goroutines and
// must not block.
type Observer interface {
	// Assigned names the partitions that are about to start.
	Assigned(tps []TopicPartition)
	// Released names partitions that this process no longer carries.
	Released(tps []TopicPartition)
	// Written reports a durable batch.
	Written(s BatchStats)
	// Progress reports how far a partition is; it is alive.
	Progress(tp TopicPartition, p Progress)
	// Trouble reports a stage that failed and will be tried again: the partition
	// is paused until its next Progress, save for StageCommit.
	Trouble(tp TopicPartition, stage Stage, class FailureClass, err error)
}

// BatchStats sums up one batch.
type BatchStats struct {
	TopicPartition
	Rows     int
	Newest   time.Time         // Kafka's time of the youngest event stored; zero if none
	Outcomes map[Outcome]int64 // offsets, so a skipped row counts its span
	Reasons  map[Reason]int    // of the dead
	Stages   map[Stage]time.Duration
}

// Progress is the position of one partition.
type Progress struct {
	Lag    int64         // offsets between the position and the log's end
	Behind time.Duration // age of the newest message read; 0 when caught up
	Queued int           // chunks read ahead
}
