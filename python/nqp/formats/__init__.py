"""Documents written as text, HTML, SVG, Word, Excel, LaTeX and CSV; imports document and language."""
