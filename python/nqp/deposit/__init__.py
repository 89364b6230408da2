"""The package that a data editor accepts: data, code, output, a README filled from the study, a check that runs it; imports document, formats, language, study, verifying, output and errors."""
