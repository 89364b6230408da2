"""All exhibits of a run as files to hand on: one document, one workbook, one LaTeX file, figures for print; imports document, formats, language, output, workers and errors."""
