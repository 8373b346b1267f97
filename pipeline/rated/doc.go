// Package rated turns events that carry stars, CSAT or NPS into what a sentiment
// model learns from, within limits that keep one customer, one channel or one text
// sent over and over from moving it. It is pure.
package rated
