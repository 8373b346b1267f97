package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	chgo "github.com/ClickHouse/clickhouse-go/v2"

	"earshot/pipeline"
)

func TestClassify(t *testing.T) {
	type verdict struct {
		pipeline.Failure
		known bool
	}
	code := func(code int32) error {
		return fmt.Errorf("insert: %w", &chgo.Exception{Code: code, Message: "says the server"})
	}
	cases := []struct {
		name  string
		err   error
		class pipeline.FailureClass // "" for errors of others
	}{
		{"too many parts", code(252), pipeline.Retryable},
		{"disk full", code(243), pipeline.Retryable},
		{"replica without its keeper", code(242), pipeline.Retryable},
		{"query killed", code(394), pipeline.Retryable},
		{"a code nobody has heard of", code(99999), pipeline.Retryable},
		{"memory", code(241), pipeline.FailsBatch},
		{"server too slow", code(159), pipeline.FailsBatch},
		{"socket too slow", fmt.Errorf("read: %w", os.ErrDeadlineExceeded), pipeline.FailsBatch},
		{"constraint", code(469), pipeline.FailsRecord},
		{"value out of range", code(321), pipeline.FailsRecord},
		{"user may only read", code(164), pipeline.Fatal},
		{"wrong password", code(516), pipeline.Fatal},
		{"no such table", code(60), pipeline.Fatal},
		{"no such column", code(16), pipeline.Fatal},
		{"unknown setting", code(115), pipeline.Fatal},
		{"no grant", code(497), pipeline.Fatal},
		{"connection lost", io.EOF, ""},
		{"somebody else's", errors.New("offset out of range"), ""},
	}
	for _, c := range cases {
		f, known := Classify(c.err)
		if f.Class != c.class || known != (c.class != "") {
			t.Errorf("%s: %+v", c.name, verdict{f, known})
		}
		if (f.Class == pipeline.Fatal) != (f.Advice != "") {
			t.Errorf("%s is %s with the advice %q", c.name, f.Class, f.Advice)
		}
	}
}

// TestServerErrorsAreClassified: each code of the list once, and found.
func TestServerErrorsAreClassified(t *testing.T) {
	seen := map[int32]bool{}
	for _, e := range ServerErrors() {
		if seen[e.Code] {
			t.Errorf("%s (%d) is there twice", e.Name, e.Code)
		}
		seen[e.Code] = true
		if f, known := Classify(&chgo.Exception{Code: e.Code}); !known || f.Class != e.Class || f.Advice != e.Advice {
			t.Errorf("%s: %+v, %v", e.Name, f, known)
		}
	}
}

// TestDocumentedFailures compares the table of docs/operations.md.
func TestDocumentedFailures(t *testing.T) {
	page, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, class := range []pipeline.FailureClass{pipeline.Retryable, pipeline.FailsBatch, pipeline.FailsRecord, pipeline.Fatal} {
		var names []string
		for _, e := range ServerErrors() {
			if e.Class == class {
				names = append(names, fmt.Sprintf("`%s` %d", e.Name, e.Code))
			}
		}
		if want := strings.Join(names, ", "); !strings.Contains(string(page), want) {
			t.Errorf("docs/operations.md, section Failures, must list for %s:\n%s", class, want)
		}
	}
}

// TestServerNamesItsErrors: the names of the list are the server's.
func TestServerNamesItsErrors(t *testing.T) {
	_, conn := freshDatabase(t)
	for _, e := range ServerErrors() {
		var name string
		err := conn.QueryRow(context.Background(), "SELECT errorCodeToName(?)", e.Code).Scan(&name)
		if err != nil || name != e.Name {
			t.Errorf("%d is %s, not %s (%v)", e.Code, name, e.Name, err)
		}
	}
}

// TestServerAnswersAreClassified provokes errors on the engine.
func TestServerAnswersAreClassified(t *testing.T) {
	w, conn := testWriter(t)
	ctx := context.Background()
	with := func(name string, value any) context.Context {
		return chgo.Context(ctx, chgo.WithSettings(chgo.Settings{name: value}))
	}
	run := func(ctx context.Context, statement string) error { return conn.Exec(ctx, statement) }
	offset := int64(0)
	write := func() error { return w.Write(ctx, batchOf(testTP, offset, 10)) }
	cases := []struct {
		name  string
		class pipeline.FailureClass
		do    func() error
	}{
		{"memory", pipeline.FailsBatch, func() error {
			return run(with("max_memory_usage", 1<<20), "SELECT arraySort(groupArray(number)) FROM numbers(10000000) FORMAT Null")
		}},
		{"constraint", pipeline.FailsRecord, func() error {
			if err := run(ctx, "ALTER TABLE records ADD CONSTRAINT no_soup CHECK event_id != 'id-2-3'"); err != nil {
				return err
			}
			return errors.Join(write(), run(ctx, "ALTER TABLE records DROP CONSTRAINT no_soup"))
		}},
		{"setting", pipeline.Fatal, func() error { return run(with("no_such_setting", 1), "SELECT 1 FORMAT Null") }},
		{"read only", pipeline.Fatal, func() error { return run(with("readonly", 1), "TRUNCATE TABLE records") }},
		{"parts", pipeline.Retryable, func() error {
			if err := run(ctx, "ALTER TABLE records MODIFY SETTING parts_to_throw_insert = 1, parts_to_delay_insert = 1"); err != nil {
				return err
			}
			if err := write(); err != nil {
				return fmt.Errorf("the first part: %v", err)
			}
			offset += 10
			return errors.Join(write(), run(ctx, "ALTER TABLE records RESET SETTING parts_to_throw_insert, parts_to_delay_insert"))
		}},
		{"column", pipeline.Fatal, func() error {
			if err := run(ctx, "ALTER TABLE records DROP COLUMN agent"); err != nil && !strings.Contains(err.Error(), "needed") {
				return err
			}
			return write()
		}},
		{"table", pipeline.Fatal, func() error {
			if err := run(ctx, "DROP TABLE records SYNC"); err != nil {
				return err
			}
			return write()
		}},
	}
	for _, c := range cases {
		err := c.do()
		if f, known := Classify(err); !known || f.Class != c.class {
			t.Errorf("%s: %q is %s (%v), want %s", c.name, err, f.Class, known, c.class)
		}
	}
}
