package clickhouse

// QueryText is the SQL of a report's query under a condition on the columns of
// f, a row of feedback: for dashboards that ask ClickHouse themselves. The
// condition becomes part of the SQL, so it must not hold anything from outside.
func QueryText(name, condition string) (string, error) { return querySQL(name, condition) }
