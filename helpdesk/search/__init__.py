"""One box that finds: names in any way of writing, parts of numbers, words in talks."""
