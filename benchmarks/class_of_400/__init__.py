"""A class of 400 from hand-in to grades and feedback, with the real commands, and held to what is known of it."""
