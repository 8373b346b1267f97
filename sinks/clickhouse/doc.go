// Package clickhouse keeps feedback in ClickHouse and answers questions from it:
// schema, writer with the consume position, queries, audit. It is the only
// package that imports clickhouse-go.
package clickhouse
