"""The wall. Everything below `inside` runs beyond it, next to a student's code; nothing else of ours ever does."""
