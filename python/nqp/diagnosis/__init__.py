"""Which recipe gives a printed list of weights or scores; imports study and language."""
