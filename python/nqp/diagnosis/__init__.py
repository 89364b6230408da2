"""Which recipe gives a printed list of weights or scores; imports errors, language, econometrics, study and formats."""
