// Package lexicon corrects VADER where customer feedback means something else, or
// says what VADER has no word for: "no complaints", "waited 40 minutes", "overpriced".
//
// An overlay is a YAML file of phrases (the syntax is that of the packs of package
// topic) with a valence on VADER's scale, -4 to 4. Where a phrase is found, its
// valence stands in for that of VADER's words in it; everything else counts as in
// VADER. A phrase may be one emoji, of any skin tone. The result is a figure of its own beside VADER's, which stays as it is.
//
//	lexicon: service
//	packs: [restaurant]      # only together with these packs; none: with all
//	classes: {long: [minute*, hour*]}
//	entries:
//	  - phrases: [wait* *3 <long>]
//	    valence: -1.6
//	    effort: 0.4          # 0 to 1: how hard it was for the customer
//	    negation: turns      # or fixed: a "not" before it changes nothing
//	    scope: phrase        # or clause: VADER's other words in the clause count for nothing
//	    match: [we waited 40 minutes]
//	    no_match: [the waiter came within minutes]
//	examples:
//	  - {text: no complaints at all, sentiment: positive}
package lexicon
