package pipeline

import "earshot/sentiment/model"

// Class is the class of a model that a label stands for; Unknown counts as neutral.
func (l Label) Class() model.Class {
	switch l {
	case Positive:
		return model.Positive
	case Negative:
		return model.Negative
	}
	return model.Neutral
}
