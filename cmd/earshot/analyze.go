package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"earshot/pipeline"
	"earshot/sentiment/topic"
)

func (p *program) analyzeCommand() *cobra.Command {
	var plain bool
	var tools analysisFlags
	cmd := &cobra.Command{
		Use:   "analyze [FILE…]",
		Short: "Score and tag JSON lines or plain text, as a filter",
		Long: `Reads one JSON object a line (or, with --text, one text a line) from the files or
standard input, and writes each object with what the text says added: sentiment,
vader, language, topics, contexts, tags, intents, effort, model, for turns conversation
and for ratings joint. Fields of these names in the input are replaced, all others are
kept; the order of the lines is kept.

Of an object, text, title, turns (of which the customer's count), language, source,
location and occurred_at (or ts) are looked at; a time, channel or language that cannot be
read is left out. Offsets are byte offsets into the text; a title is read after the text
and a line break. A rating or survey answers (csat, nps) change
nothing in all this; joint judges text and rating together. "aspects": ["food", "staff"]
asks for the sentiment towards each; the answer takes its place.

A line that is no JSON object yields {"error": {"reason", "detail", "line"}} in its
place and exit code 1 in the end.`,
		Example: `  echo '{"text": "service was painfully slow at lunch time"}' | earshot analyze
  earshot analyze reviews.jsonl > scored.jsonl
  tail -f comments.txt | earshot analyze --text --pack general`,
	}
	cmd.Flags().BoolVar(&plain, "text", false, "each line is a text, not JSON")
	tools.add(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, files []string) error {
		analyzer, places, err := p.analyzer(cmd, tools)
		if err != nil {
			return err
		}
		return p.analyze(cmd.Context(), files, lineAnalyzer{analyzer: analyzer, places: places, plain: plain})
	}
	return cmd
}

// analysisFlags are the flags of the commands that analyse texts themselves.
type analysisFlags struct{ pack, packs, lexicon, timezone, model, topicsModel string }

func (f *analysisFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.pack, "pack", "", "taxonomy: "+strings.Join(topic.Names(), ", ")+", or one of --packs (default from the configuration)")
	flags.StringVar(&f.packs, "packs", "", "folder of further taxonomy files")
	flags.StringVar(&f.lexicon, "lexicon", "", "file or folder of further lexicons, which correct the sentiment of words and phrases")
	flags.StringVar(&f.model, "model", "", "sentiment by base (the shipped model), vader (the lexicons alone), a `FILE` of earshot model train, a version of earshot model history or auto (the one in place; default from the configuration). One for another language joins the shipped model")
	flags.StringVar(&f.topicsModel, "topics-model", "", "`FILE` of earshot topics train: its topics join those of the taxonomy (default from the configuration)")
	flags.StringVar(&f.timezone, "timezone", "", "IANA zone of times that come in UTC or without one")
}

// analyzer builds the analyzer that the configuration and flags ask for.
func (p *program) analyzer(cmd *cobra.Command, f analysisFlags) (*pipeline.TextAnalyzer, *pipeline.Places, error) {
	cfg, err := p.config(cmd)
	if err != nil {
		return nil, nil, err
	}
	if f.timezone != "" {
		if cfg.Analysis.Timezone = f.timezone; !isZone(f.timezone) {
			return nil, nil, usagef("--timezone %q: expected a zone of the IANA list, such as Europe/Berlin", f.timezone)
		}
	}
	places, err := readPlaces(cfg.Analysis)
	if err != nil {
		return nil, nil, usagef("%w", err)
	}
	opts := pipeline.AnalyzerOptions{Pack: cfg.Analysis.Pack, PackDir: cfg.Analysis.Packs, Lexicon: cfg.Analysis.Lexicon, Places: places}
	if f.pack != "" {
		opts.Pack = f.pack
	}
	if f.packs != "" {
		opts.PackDir = f.packs
	}
	if f.lexicon != "" {
		opts.Lexicon = f.lexicon
	}
	name := cfg.Analysis.Model
	if f.model != "" {
		name = f.model
	}
	if opts.Model, err = loadModel(cmd.Context(), cfg, name); err != nil {
		return nil, nil, err
	}
	if err = otherLanguages(&opts, cfg.Analysis.Models); err != nil {
		return nil, nil, err
	}
	name = cfg.Analysis.TopicsModel
	if f.topicsModel != "" {
		name = f.topicsModel
	}
	if opts.Topics, err = readTopicsModel(name); err != nil {
		return nil, nil, err
	}
	analyzer, err := pipeline.NewTextAnalyzer(opts)
	if err != nil {
		return nil, nil, usagef("%w", err)
	}
	return analyzer, places, nil
}

// analyze runs every line of the files, or of standard input, through a.
func (p *program) analyze(ctx context.Context, files []string, a lineAnalyzer) error {
	if len(files) == 0 {
		files = []string{"-"}
	}
	if err := checkInputs(files); err != nil {
		return err
	}
	out := bufio.NewWriterSize(p.stdout, 64<<10)
	total, bad := 0, 0
	for _, name := range files {
		in, err := p.openInput(name)
		if err != nil {
			return err
		}
		s := lineStream{analyzer: a, in: in, out: out, file: name}
		err = s.run(ctx)
		_ = in.Close() // it was only read
		total, bad = total+s.total, bad+s.bad
		if errors.Is(err, syscall.EPIPE) {
			return nil // whoever read the answers has had enough
		}
		if err != nil {
			return err
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d lines could not be analysed; each has an \"error\" in its place in the output", bad, total)
	}
	return nil
}

// checkInputs finds a missing file before the first line is written.
func checkInputs(files []string) error {
	for _, name := range files {
		if name == "-" {
			continue
		}
		info, err := os.Stat(name)
		if errors.Is(err, fs.ErrNotExist) {
			return usagef("%s: no such file", name)
		}
		if err != nil {
			return err
		}
		if info.IsDir() {
			return usagef("%s is a folder; name the files in it", name)
		}
	}
	return nil
}

func (p *program) openInput(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(p.stdin), nil
	}
	f, err := os.Open(name)
	if err != nil || !strings.HasSuffix(name, ".gz") {
		return f, err
	}
	gz, err := gzip.NewReader(f)
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("%s: no gzip file: %w", name, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{gz, f}, nil
}
