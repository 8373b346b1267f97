// Package places reads the file of locations: the time zone of each, its opening
// hours and the days on which it is closed.
package places
