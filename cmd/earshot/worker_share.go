package main

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"earshot/pipeline"
	"earshot/pipeline/kafka"
	"earshot/sinks/clickhouse"
)

// classifiers judge the errors of everything a worker talks to.
func classifiers() []pipeline.Classifier {
	return []pipeline.Classifier{clickhouse.Classify, kafka.Classify}
}

// advised adds what to do to an error that is fatal for a worker.
func advised(err error) error {
	var says *pipeline.FatalError
	f := pipeline.Classify(err, classifiers()...)
	if f.Class != pipeline.Fatal || f.Advice == "" || errors.As(err, &says) {
		return err
	}
	return &pipeline.FatalError{Err: err, Advice: f.Advice}
}

// share runs the template's worker in the configured consumer group, or n
// workers with fixed partitions.
func (w *workerParts) share(ctx context.Context, n int, source *kafka.Source, template pipeline.Worker) error {
	if w.cfg.Worker.Group == "" {
		return runAll(ctx, n, template)
	}
	group := kafka.NewGroup(kafka.GroupOptions{
		Cluster: w.cfg.Kafka.Cluster(), Name: w.cfg.Worker.Group, Topic: w.cfg.Kafka.EventsTopic, Log: w.log,
		State: func(ok bool, detail string) { w.tel.SetReady("group "+w.cfg.Worker.Group, ok, detail) },
	})
	w.tel.SetReady("group "+w.cfg.Worker.Group, false, "joining")
	template.Source, template.Assignment = group.Source(source), group
	template.Config.DrainTimeout = min(template.Config.DrainTimeout, kafka.GroupDrainTimeout)
	return template.Run(ctx)
}

// runAll splits the partitions of the template among n workers with common
// claims: worker i of n takes those with p % (of*n) == index + of*i.
func runAll(ctx context.Context, n int, template pipeline.Worker) error {
	tps, err := template.Assigned()
	if err != nil {
		return err
	}
	template.Claims = pipeline.NewClaims(tps)
	group, ctx := errgroup.WithContext(ctx)
	for i := range n {
		worker := template
		worker.Config.Of = template.Config.Of * n
		worker.Config.SharedBytes = template.Config.SharedBytes / n
		worker.Config.Index = template.Config.Index + template.Config.Of*i
		group.Go(func() error { return worker.Run(ctx) })
	}
	return group.Wait()
}
