"""Results as tables; imports document, estimates, econometrics, study, language and errors."""
