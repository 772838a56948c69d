"""Reads of concerns, split by who asks: readers, reporters, the queue, the term report."""
