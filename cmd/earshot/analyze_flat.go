package main

import "bytes"

// splitFlat is splitObject for most lines: an object of strings, plain numbers, true,
// false and null. It reads the line once, and says no to all that it does not know, right
// or wrong.
func splitFlat(dst []member, data []byte) (members []member, ok bool) {
	i := blankEnd(data, 0)
	if i == len(data) || data[i] != '{' {
		return nil, false
	}
	for {
		i = blankEnd(data, i+1)
		end := flatString(data, i)
		if end == 0 || bytes.IndexByte(data[i:end], '\\') >= 0 {
			return nil, false
		}
		name := fieldName(data[i+1 : end-1])
		if i = blankEnd(data, end); i == len(data) || data[i] != ':' {
			return nil, false
		}
		i = blankEnd(data, i+1)
		if end = flatValue(data, i); end == 0 {
			return nil, false
		}
		dst = append(dst, member{name, data[i:end:end]})
		switch i = blankEnd(data, end); {
		case i == len(data):
			return nil, false
		case data[i] == '}':
			return dst, blankEnd(data, i+1) == len(data)
		case data[i] != ',':
			return nil, false
		}
	}
}

// blankEnd is where the white space that may start at i ends.
func blankEnd(data []byte, i int) int {
	for i < len(data) && (data[i] == ' ' || data[i] == '\t' || data[i] == '\r' || data[i] == '\n') {
		i++
	}
	return i
}

// flatValue is where the value that starts at i ends; 0 for what splitFlat leaves aside.
func flatValue(data []byte, i int) int {
	if i == len(data) {
		return 0
	}
	switch data[i] {
	case '"':
		return flatString(data, i)
	case 't':
		return literalEnd(data, i, "true")
	case 'f':
		return literalEnd(data, i, "false")
	case 'n':
		return literalEnd(data, i, "null")
	}
	return flatNumber(data, i)
}

func literalEnd(data []byte, i int, word string) int {
	if end := i + len(word); end <= len(data) && string(data[i:end]) == word {
		return end
	}
	return 0
}

// flatString is where the string that starts at i ends, if it has none but short escapes.
func flatString(data []byte, i int) int {
	if i == len(data) || data[i] != '"' {
		return 0
	}
	for i++; i < len(data); i++ {
		if jsonClass[data[i]] != ending {
			continue
		}
		switch data[i] {
		case '"':
			return i + 1
		case '\\':
			if i++; i == len(data) || shortEscape(data[i]) == 0 {
				return 0
			}
		default:
			return 0
		}
	}
	return 0
}

// flatNumber is where the number that starts at i ends, if it has no exponent.
func flatNumber(data []byte, i int) int {
	if data[i] == '-' {
		i++
	}
	end := digitsEnd(data, i)
	if end == i || data[i] == '0' && end > i+1 {
		return 0
	}
	if end == len(data) || data[end] != '.' {
		return end
	}
	if i = end + 1; digitsEnd(data, i) == i {
		return 0
	}
	return digitsEnd(data, i)
}

func digitsEnd(data []byte, i int) int {
	for i < len(data) && '0' <= data[i] && data[i] <= '9' {
		i++
	}
	return i
}
