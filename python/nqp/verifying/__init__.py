"""A manuscript read beside the exhibits: which of its numbers agree with them; imports document, language, study, output and errors."""
