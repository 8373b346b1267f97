package pipeline

import "context"

// Assignment says which partitions a worker carries, and when.
type Assignment interface {
	// Run calls carry with one share of the partitions after another. The context
	// of a call ends when the share does; nobody else gets its partitions before
	// carry has returned, unless this process is taken for dead. Run returns when
	// ctx has ended, which is not an error, or with the error of carry.
	Run(ctx context.Context, carry func(ctx context.Context, share []TopicPartition) error) error
}

// fixed is a share that never changes.
type fixed []TopicPartition

var _ Assignment = fixed(nil)

func (f fixed) Run(ctx context.Context, carry func(context.Context, []TopicPartition) error) error {
	return carry(ctx, f)
}
