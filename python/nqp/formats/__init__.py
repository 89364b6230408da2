"""How a document is shown: text, HTML, Word, Excel, LaTeX; imports document and language."""
