package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// DeriveID is the id of an event that came without one: "sha256:" and the first
// 32 hex digits of the SHA-256 of its payload in the canonical form of RFC 8785
// (members sorted, no white space, numbers in their shortest form), so that
// white space and the order of members do not matter. Unlike there, whole numbers
// keep all their digits: two order numbers beyond 2^53 may differ in the last
// one alone, and would be one event. The n-th (n > 1) equal
// payload of one file gets "#n" hashed behind it: it is an event of its own.
func DeriveID(payload []byte, n int) (string, *Reject) {
	canonical := jsontext.Value(payload).Clone()
	if err := canonical.Canonicalize(jsontext.AllowInvalidUTF8(true), jsontext.CanonicalizeRawInts(false)); err != nil {
		return "", &Reject{Reason: BadJSON, Detail: syntaxDetail(err)}
	}
	if n > 1 {
		canonical = append(canonical, '#')
		canonical = strconv.AppendInt(canonical, int64(n), 10)
	}
	sum := sha256.Sum256(canonical)
	return "sha256:" + hex.EncodeToString(sum[:16]), nil
}
