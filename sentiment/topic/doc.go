// Package topic finds what a text is about. A pack (YAML) names topics, contexts,
// intents and composite tags and the phrases that show them; a Tagger holds one
// pack compiled, together with those it extends, and reads a scanned text in one
// pass whose cost hardly depends on the number of phrases.
//
// A phrase is a row of words, matched in order within one run of text that no
// comma or full stop parts:
//
//	took forever              these words
//	wait*                     a word that starts so
//	rude|curt staff           one of these words
//	<minutes>                 one of the words of a class that a pack defines
//	very? slow                perhaps this word
//	waited * minutes          up to three words between; *5: up to five
package topic
