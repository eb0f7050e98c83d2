"""What the operating system gives: processes that leave nothing behind, limits, temporary folders, text."""
