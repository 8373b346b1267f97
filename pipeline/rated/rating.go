package rated

import "earshot/pipeline"

// Rating is what a customer answered in figures.
type Rating = pipeline.Rating
