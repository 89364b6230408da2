"""Results as figures; imports document, estimates, study, tables and language."""
