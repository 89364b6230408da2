"""What a study estimates: regressions, robustness, multiverse, comparison; imports study, econometrics and language."""
