"""Printed tables against themselves and against our figures; imports document, formats, study and language."""
