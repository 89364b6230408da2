"""What a study is: its specification, its names and its marts; imports errors, language and econometrics."""
