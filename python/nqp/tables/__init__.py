"""Results as tables; imports document, estimates, econometrics, study and language."""
