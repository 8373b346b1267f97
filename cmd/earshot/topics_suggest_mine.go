package main

import (
	"runtime"

	"golang.org/x/sync/errgroup"

	"earshot/pipeline"
	"earshot/pipeline/discovery"
)

const (
	batchTexts = 512 // analysed together
	batchAhead = 8   // batches on their way at the most
)

// textBatch is texts on their way from the source to the miner.
type textBatch struct {
	events   []*pipeline.Event
	analyses []pipeline.Analysis
	done     chan struct{} // closed when the analyses are there
}

// mine passes all texts to the miner in their order. They are read and analysed
// beside the counting, on all cores.
func (s *textSource) mine(analyzer pipeline.Analyzer, miner *discovery.Miner) error {
	defer s.progress.finish()
	work, inOrder := make(chan *textBatch), make(chan *textBatch, batchAhead)
	var group errgroup.Group
	group.Go(func() error {
		defer close(inOrder)
		defer close(work)
		var batch *textBatch
		send := func() {
			if batch != nil {
				inOrder <- batch
				work <- batch
				batch = nil
			}
		}
		err := s.produce(func(e *pipeline.Event) {
			if batch == nil {
				batch = &textBatch{done: make(chan struct{})}
			}
			if batch.events = append(batch.events, e); len(batch.events) == batchTexts {
				send()
			}
		})
		send()
		return err
	})
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() error {
			for batch := range work {
				batch.analyse(analyzer)
			}
			return nil
		})
	}
	for batch := range inOrder {
		<-batch.done
		for i, e := range batch.events {
			miner.AddAnalysed(e, batch.analyses[i])
			s.progress.one()
		}
	}
	return group.Wait()
}

func (b *textBatch) analyse(analyzer pipeline.Analyzer) {
	defer close(b.done)
	b.analyses = make([]pipeline.Analysis, len(b.events))
	for i, e := range b.events {
		b.analyses[i] = analyzer.Analyze(e)
	}
}
