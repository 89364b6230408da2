"""From files to a study and back: draft, add, check, one workbook; imports errors, language, econometrics, study and importing."""
