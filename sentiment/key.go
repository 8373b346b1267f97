package sentiment

// KeyStart and KeyStep make the 64-bit FNV-1a hash of a word's bytes.
const KeyStart uint64 = 14695981039346656037 ^ 0x57

// KeyStep adds a byte.
func KeyStep(key uint64, c byte) uint64 { return (key ^ uint64(c)) * 1099511628211 }

// Key returns the hash of a word that is nothing but letters of ASCII, none of them three
// times running, and whether it is in capitals; 0 for all others and some long ones.
func (t *Token) Key() (key uint64, capitals bool) { return t.key, t.capitals }

// keyOf is the key of lower-case letters.
func keyOf(low []byte) uint64 {
	key := KeyStart
	for i, c := range low {
		if i > 1 && c == low[i-1] && c == low[i-2] {
			return 0
		}
		key = KeyStep(key, c)
	}
	return key
}
