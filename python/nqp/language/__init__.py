"""Two languages side by side and the words that pages say themselves; imports nothing of the project."""
