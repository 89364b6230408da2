"""Results as tables; imports document, estimates, study and language."""
