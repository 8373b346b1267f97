// Package soak proves the delivery promise on running programs. It starts a
// broker, the engine, workers and producers as processes of their own, kills,
// stops, cuts and slows them in an order that a seed decides, and then compares
// what was fed, what the broker holds and what the table holds, offset by
// offset, with queries of its own beside `earshot audit`.
//
//	Run       the soak
//	Control   the same checks must catch a worker whose fence is switched off
//	Overload  a worker that gets ten times what it can write stays in its memory
package soak
