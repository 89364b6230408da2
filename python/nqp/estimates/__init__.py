"""What a study estimates: regressions, robustness, multiverse, comparison; imports errors, language, study and econometrics."""
