"""Pages of concerns, by who asks: reporters, readers of the queue, readers of one concern."""
