"""Tables, figures and pages as frozen data that knows no format and no estimate; imports language."""
