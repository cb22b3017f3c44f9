"""What a wrong function does, by name: a known mistake, a relation to the right one, or a promise that it breaks."""
