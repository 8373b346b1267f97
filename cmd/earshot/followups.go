package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"earshot/pipeline/followup"
	"earshot/sinks/export"
)

func (p *program) followupsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "followups",
		Short: "Who needs an answer first, and why",
		Long: `A case is an unhappy customer who has no answer or no solution yet: negative feedback,
a low NPS, CSAT, CES or star rating, or words of a legal matter, of leaving, of a
refund or of wanting someone in charge. There is one case a customer, with the newest
contact data of all their feedback. What is resolved or answered is left out.

Cases are ordered by a priority from 0 to 100, made of the reasons listed with each.
The answer is due followup.sla after the oldest open complaint was opened.`,
	}
	cmd.AddCommand(p.followupsListCommand(), p.followupsExportCommand())
	return cmd
}

// caseFlags select cases.
type caseFlags struct {
	since, location string
	limit           int
	all             bool
}

func addCaseFlags(flags *pflag.FlagSet, limit int, limitHelp string) *caseFlags {
	f := new(caseFlags)
	flags.StringVar(&f.since, "since", "", "feedback from this moment on: 30d, 2w, 12h, 2026-07-03 or RFC 3339 (default: followup.window)")
	flags.StringVar(&f.location, "location", "", "only this location")
	flags.IntVar(&f.limit, "limit", limit, limitHelp)
	flags.BoolVar(&f.all, "all", false, "also anonymous feedback, which nobody can answer directly")
	return f
}

// cases reads and ranks them; hidden counts the anonymous ones left out.
func (p *program) cases(cmd *cobra.Command, flags *caseFlags) (cases []followup.Case, hidden int, err error) {
	now := p.clock().UTC()
	since, err := parseMoment("since", flags.since, now)
	if err != nil {
		return nil, 0, err
	}
	cfg, err := p.config(cmd)
	if err != nil {
		return nil, 0, err
	}
	tagger, err := configuredTaxonomy(cfg)
	if err != nil {
		return nil, 0, err
	}
	policy := followup.Policy{SLA: cfg.FollowUp.SLA, Window: cfg.FollowUp.Window, Praise: tagger.PraiseTags()}
	if since.IsZero() {
		since = now.Add(-policy.Window)
	} else {
		policy.Window = now.Sub(since)
	}
	reader, err := openReader(cfg, cfg.Serve.QueryTimeout)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = reader.Close() }() // it only reads
	candidates, err := reader.FollowUps(cmd.Context(), since)
	if err != nil {
		return nil, 0, readError(err)
	}
	for _, c := range followup.Rank(candidates, policy, now) {
		switch {
		case flags.location != "" && c.Location != flags.location:
		case !flags.all && !c.Reachable():
			hidden++
		default:
			cases = append(cases, c)
		}
	}
	return cases, hidden, nil
}

func (p *program) followupsListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Show the most urgent cases",
		Example: `  earshot followups list
  earshot followups list --location store-012 --since 7d --json`,
		Args: cobra.NoArgs,
	}
	format := addFormat(cmd.Flags())
	flags := addCaseFlags(cmd.Flags(), 20, "at most this many")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		as, err := format.value()
		if err != nil {
			return err
		}
		if err := checkLimit(flags.limit); err != nil {
			return err
		}
		cases, hidden, err := p.cases(cmd, flags)
		if err != nil {
			return err
		}
		shown := cases[:min(len(cases), flags.limit)]
		if as != formatTable {
			return printListing(cmd.OutOrStdout(), as, caseColumns(), shown)
		}
		return printCases(cmd.OutOrStdout(), shown, len(cases), hidden, p.clock())
	}
	return cmd
}

// printCases writes each case as a line of who, when and where, and below it
// the reasons and the beginning of the text.
func printCases(w io.Writer, cases []followup.Case, total, hidden int, now time.Time) error {
	p, width := painter(w), outputWidth(w)
	var b strings.Builder
	if len(cases) == 0 {
		b.WriteString("Nobody is waiting for an answer.\n")
	} else {
		b.WriteString(p.bold(caseLine("PRIO", "DUE", "CUSTOMER", "CONTACT", "LOCATION", width)) + "\n")
	}
	for _, c := range cases {
		due := dueWords(c.DueAt, now)
		line := caseLine(fmt.Sprintf("%.1f", c.Priority), due, firstOf(c.Name, c.CustomerID, "anonymous"),
			firstOf(c.Email, c.Phone, c.CustomerID, c.ThreadID, "none"), firstOf(c.Location, "-"), width)
		if c.DueAt.Before(now) {
			line = strings.Replace(line, due, p.bad(due), 1)
		}
		b.WriteString(line + "\n")
		b.WriteString("      " + text.Snip(printable(strings.Join(besideDue(c.Reasons), "; ")), width-6, "…") + "\n")
		if c.Text != "" {
			b.WriteString("      " + p.faint(text.Snip("“"+printable(c.Text)+"”", width-6, "…")) + "\n")
		}
	}
	if total > len(cases) {
		fmt.Fprintf(&b, "\n%s of %s cases; --limit shows more, `earshot followups export` writes all.\n",
			thousands(len(cases)), thousands(total))
	}
	if hidden > 0 {
		fmt.Fprintf(&b, "\nAnonymous complaints not shown: %s. Nobody can answer them directly; --all shows them.\n", thousands(hidden))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// besideDue leaves out the reason that the column DUE tells as well.
func besideDue(reasons []string) []string {
	return slices.DeleteFunc(slices.Clone(reasons), func(r string) bool {
		return strings.HasPrefix(r, "overdue by ") || strings.HasPrefix(r, "due in ")
	})
}

// caseLine lays out one line; the contact has what the others leave of width.
func caseLine(priority, due, customer, contact, location string, width int) string {
	const locationWidth = 10
	contactWidth := max(20, min(40, width-6-17-17-locationWidth-1))
	return strings.TrimRight(fmt.Sprintf("%-5s %s %s %s %s", priority, cell(due, 16), cell(customer, 16),
		cell(contact, contactWidth), cell(location, locationWidth)), " ")
}

// dueWords says when the answer is due, seen from now.
func dueWords(due, now time.Time) string {
	if late := now.Sub(due); late > 0 {
		return "overdue " + spanText(late.Truncate(time.Minute))
	}
	return "in " + spanText(due.Sub(now).Truncate(time.Minute))
}

// firstOf is the first value that is not empty.
func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

func (p *program) followupsExportCommand() *cobra.Command {
	var format, out string
	var bom bool
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the cases as CSV or JSONL for another tool",
		Long: `Writes all cases, most urgent first, with everything known of them.

The CSV is safe to open in a spreadsheet: a cell that starts like a formula
(= + - @) gets an apostrophe in front, so a phone number such as +49 30 1234 is
written '+49 30 1234. JSONL has all values as they are. A file is written whole or
not at all.`,
		Example: `  earshot followups export > cases.csv
  earshot followups export --bom --out cases.csv         for a spreadsheet that asks for the encoding
  earshot followups export --format jsonl --since 7d --out cases.jsonl`,
		Args: cobra.NoArgs,
	}
	cmd.Flags().StringVar(&format, "format", formatCSV, "csv or jsonl")
	cmd.Flags().StringVar(&out, "out", "", "write to this file instead of standard output")
	cmd.Flags().BoolVar(&bom, "bom", false, "start the CSV with a byte order mark")
	flags := addCaseFlags(cmd.Flags(), 0, "at most this many, 0 for all")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		write, err := caseWriter(format, bom)
		if err != nil {
			return err
		}
		if flags.limit < 0 {
			return usagef("--limit %d: choose 0 for all, or a positive number", flags.limit)
		}
		cases, hidden, err := p.cases(cmd, flags)
		if err != nil {
			return err
		}
		if flags.limit > 0 {
			cases = cases[:min(len(cases), flags.limit)]
		}
		if out == "" || out == "-" {
			return write(cmd.OutOrStdout(), cases)
		}
		if err := export.File(out, func(w io.Writer) error { return write(w, cases) }); err != nil {
			return fmt.Errorf("write %s: %w", out, err)
		}
		fmt.Fprintf(p.stderr, "cases written to %s: %s", out, thousands(len(cases)))
		if hidden > 0 {
			fmt.Fprintf(p.stderr, "; anonymous complaints left out: %s (--all adds them)", thousands(hidden))
		}
		fmt.Fprintln(p.stderr)
		return nil
	}
	return cmd
}

func caseWriter(format string, bom bool) (func(io.Writer, []followup.Case) error, error) {
	switch {
	case format == "jsonl" && bom:
		return nil, usagef("--bom is for CSV: JSONL must not have a byte order mark")
	case format == "jsonl":
		return writeCasesJSONL, nil
	case format == formatCSV:
		return func(w io.Writer, cases []followup.Case) error {
			return writeCSV(w, export.CSVOptions{BOM: bom}, caseColumns(), cases)
		}, nil
	}
	return nil, usagef("--format %q: choose csv or jsonl", format)
}

func writeCasesJSONL(w io.Writer, cases []followup.Case) error {
	out := export.NewJSONL(w)
	for _, c := range cases {
		if err := out.Write(c); err != nil {
			return err
		}
	}
	return out.Flush()
}
