"""Code that two students share and hardly anybody else has: a place to look for a person, never a verdict."""
