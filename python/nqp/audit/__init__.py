"""Printed tables against themselves and against our figures; imports errors, output, document, formats, study and language."""
