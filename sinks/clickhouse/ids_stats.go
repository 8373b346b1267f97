package clickhouse

// IDStats is what a writer tells of its look-ups of event ids.
type IDStats struct {
	Checked, Asked uint64 // ids looked up since the start; of these, those that the table was asked about
	Loaded         bool   // whether the filter of KeepIDs answers; else the table does
	Held, Bytes    int    // ids in the filter, and what it takes
}

// IDStats may be called at any time.
func (w *Writer) IDStats() IDStats {
	s := IDStats{Checked: w.idsChecked.Load(), Asked: w.idsAsked.Load()}
	if w.ids == nil {
		return s
	}
	w.ids.mu.RLock()
	defer w.ids.mu.RUnlock()
	s.Loaded = w.ids.marks != nil
	if w.ids.filter != nil {
		s.Held, s.Bytes = w.ids.filter.ids(), w.ids.filter.bytes()
	}
	return s
}
