package clickhouse

import (
	"errors"
	"net"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
	chcolumn "github.com/ClickHouse/clickhouse-go/v2/lib/column"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"

	"earshot/pipeline"
)

// ServerError is an error code of ClickHouse that Earshot knows what to do about.
type ServerError struct {
	Code   int32
	Name   string
	Class  pipeline.FailureClass
	Advice string // of a fatal one
}

const (
	adviceLogin  = "check user and password of clickhouse.url"
	adviceGrants = "give the user of clickhouse.url SELECT, INSERT, CREATE and ALTER on its database, and KILL QUERY"
	adviceWrite  = "the user of clickhouse.url may only read: give it a profile with readonly = 0"
	adviceSchema = "the schema is not Earshot's: run `earshot migrate`, and look for changes made by hand to records"
	adviceConfig = "the server does not take a setting that Earshot sends: see its settings profile, and docs/operations.md for the versions that work"
)

// ServerErrors lists the codes that are judged. All others are retryable.
func ServerErrors() []ServerError {
	return []ServerError{
		{Code: 159, Name: "TIMEOUT_EXCEEDED", Class: pipeline.FailsBatch},
		{Code: 202, Name: "TOO_MANY_SIMULTANEOUS_QUERIES", Class: pipeline.Retryable},
		{Code: 209, Name: "SOCKET_TIMEOUT", Class: pipeline.FailsBatch},
		{Code: 210, Name: "NETWORK_ERROR", Class: pipeline.Retryable},
		{Code: 216, Name: "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING", Class: pipeline.Retryable},
		{Code: 236, Name: "ABORTED", Class: pipeline.Retryable},
		{Code: 242, Name: "TABLE_IS_READ_ONLY", Class: pipeline.Retryable},
		{Code: 243, Name: "NOT_ENOUGH_SPACE", Class: pipeline.Retryable},
		{Code: 252, Name: "TOO_MANY_PARTS", Class: pipeline.Retryable},
		{Code: 394, Name: "QUERY_WAS_CANCELLED", Class: pipeline.Retryable},
		{Code: 745, Name: "SERVER_OVERLOADED", Class: pipeline.Retryable},

		{Code: 158, Name: "TOO_MANY_ROWS", Class: pipeline.FailsBatch},
		{Code: 173, Name: "CANNOT_ALLOCATE_MEMORY", Class: pipeline.FailsBatch},
		{Code: 191, Name: "SET_SIZE_LIMIT_EXCEEDED", Class: pipeline.FailsBatch},
		{Code: 241, Name: "MEMORY_LIMIT_EXCEEDED", Class: pipeline.FailsBatch},
		{Code: 307, Name: "TOO_MANY_BYTES", Class: pipeline.FailsBatch},
		{Code: 396, Name: "TOO_MANY_ROWS_OR_BYTES", Class: pipeline.FailsBatch},

		{Code: 6, Name: "CANNOT_PARSE_TEXT", Class: pipeline.FailsRecord},
		{Code: 69, Name: "ARGUMENT_OUT_OF_BOUND", Class: pipeline.FailsRecord},
		{Code: 72, Name: "CANNOT_PARSE_NUMBER", Class: pipeline.FailsRecord},
		{Code: 117, Name: "INCORRECT_DATA", Class: pipeline.FailsRecord},
		{Code: 128, Name: "TOO_LARGE_ARRAY_SIZE", Class: pipeline.FailsRecord},
		{Code: 131, Name: "TOO_LARGE_STRING_SIZE", Class: pipeline.FailsRecord},
		{Code: 153, Name: "ILLEGAL_DIVISION", Class: pipeline.FailsRecord},
		{Code: 190, Name: "SIZES_OF_ARRAYS_DONT_MATCH", Class: pipeline.FailsRecord},
		{Code: 321, Name: "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE", Class: pipeline.FailsRecord},
		{Code: 349, Name: "CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN", Class: pipeline.FailsRecord},
		{Code: 395, Name: "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO", Class: pipeline.FailsRecord},
		{Code: 407, Name: "DECIMAL_OVERFLOW", Class: pipeline.FailsRecord},
		{Code: 469, Name: "VIOLATED_CONSTRAINT", Class: pipeline.FailsRecord},
		{Code: 691, Name: "UNKNOWN_ELEMENT_OF_ENUM", Class: pipeline.FailsRecord},

		{Code: 7, Name: "INCORRECT_NUMBER_OF_COLUMNS", Class: pipeline.Fatal, Advice: adviceSchema},
		{Code: 8, Name: "THERE_IS_NO_COLUMN", Class: pipeline.Fatal, Advice: adviceSchema},
		{Code: 10, Name: "NOT_FOUND_COLUMN_IN_BLOCK", Class: pipeline.Fatal, Advice: adviceSchema},
		{Code: 16, Name: "NO_SUCH_COLUMN_IN_TABLE", Class: pipeline.Fatal, Advice: adviceSchema},
		{Code: 44, Name: "ILLEGAL_COLUMN", Class: pipeline.Fatal, Advice: adviceSchema},
		{Code: 46, Name: "UNKNOWN_FUNCTION", Class: pipeline.Fatal, Advice: adviceConfig},
		{Code: 47, Name: "UNKNOWN_IDENTIFIER", Class: pipeline.Fatal, Advice: adviceSchema},
		{Code: 48, Name: "NOT_IMPLEMENTED", Class: pipeline.Fatal, Advice: adviceConfig},
		{Code: 50, Name: "UNKNOWN_TYPE", Class: pipeline.Fatal, Advice: adviceSchema},
		{Code: 53, Name: "TYPE_MISMATCH", Class: pipeline.Fatal, Advice: adviceSchema},
		{Code: 60, Name: "UNKNOWN_TABLE", Class: pipeline.Fatal, Advice: adviceSchema},
		{Code: 62, Name: "SYNTAX_ERROR", Class: pipeline.Fatal, Advice: adviceConfig},
		{Code: 70, Name: "CANNOT_CONVERT_TYPE", Class: pipeline.Fatal, Advice: adviceSchema},
		{Code: 81, Name: "UNKNOWN_DATABASE", Class: pipeline.Fatal, Advice: adviceSchema},
		{Code: 115, Name: "UNKNOWN_SETTING", Class: pipeline.Fatal, Advice: adviceConfig},
		{Code: 164, Name: "READONLY", Class: pipeline.Fatal, Advice: adviceWrite},
		{Code: 192, Name: "UNKNOWN_USER", Class: pipeline.Fatal, Advice: adviceLogin},
		{Code: 193, Name: "WRONG_PASSWORD", Class: pipeline.Fatal, Advice: adviceLogin},
		{Code: 194, Name: "REQUIRED_PASSWORD", Class: pipeline.Fatal, Advice: adviceLogin},
		{Code: 195, Name: "IP_ADDRESS_NOT_ALLOWED", Class: pipeline.Fatal, Advice: "let the user of clickhouse.url connect from this host"},
		{Code: 291, Name: "DATABASE_ACCESS_DENIED", Class: pipeline.Fatal, Advice: adviceGrants},
		{Code: 392, Name: "QUERY_IS_PROHIBITED", Class: pipeline.Fatal, Advice: adviceGrants},
		{Code: 452, Name: "SETTING_CONSTRAINT_VIOLATION", Class: pipeline.Fatal, Advice: adviceConfig},
		{Code: 497, Name: "ACCESS_DENIED", Class: pipeline.Fatal, Advice: adviceGrants},
		{Code: 516, Name: "AUTHENTICATION_FAILED", Class: pipeline.Fatal, Advice: adviceLogin},
	}
}

// Classify implements pipeline.Classifier for errors of the server and the driver.
func Classify(err error) (f pipeline.Failure, known bool) {
	var (
		refused    *chgo.Exception
		block      *proto.BlockError
		conversion *chcolumn.ColumnConverterError
		network    net.Error
	)
	switch {
	case errors.As(err, &refused):
		for _, e := range ServerErrors() {
			if e.Code == refused.Code {
				return pipeline.Failure{Class: e.Class, Advice: e.Advice}, true
			}
		}
		return pipeline.Failure{Class: pipeline.Retryable}, true
	case errors.As(err, &block), errors.As(err, &conversion):
		return pipeline.Failure{Class: pipeline.Fatal, Advice: adviceSchema}, true
	case errors.As(err, &network) && network.Timeout():
		return pipeline.Failure{Class: pipeline.FailsBatch}, true // fewer rows may make it in time
	}
	return pipeline.Failure{}, false
}
