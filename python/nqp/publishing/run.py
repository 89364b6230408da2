"""Writing the exhibits of a run as files to hand on; nothing is estimated again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from nqp.document.exhibits import FILE, Exhibits, Picture, read
from nqp.errors import StudyError
from nqp.formats.excel import workbook
from nqp.language.labels import Language
from nqp.output import folder_of, write_atomically
from nqp.publishing.figures import check_fonts, print_files
from nqp.publishing.latex import alone, tables_only
from nqp.publishing.word import book
from nqp.publishing.words import CONTENTS, EXHIBIT, SHEET, TITLE
from nqp.workers import Workers

FOLDER = "exhibits"  # below the output
PARTS = ("all", "figures", "documents")


def publish(
    *, study: str, output: Path | None, languages: Sequence[Language], part: str, announce: Callable[[str], None]
) -> str:  # fmt: skip
    """Write the figures for print and the joint documents below the output; returns where they are.

    Raises StudyError where there is no output, or no font.
    """
    source = output or folder_of(study)
    exhibits = _read(source)
    known = [language for language in languages if language in exhibits.languages]
    if not known:
        raise StudyError(
            f"{source} was written without the language asked for. Run again: python python/estimate.py"
        )
    for language in known:
        check_fonts(language)
    announce(f"Drawing {len(exhibits.pictures)} figures in {len(known)} languages")
    files = _drawn(exhibits, source, known)
    if part != "figures":
        announce("Writing the documents")
        for language in known:

            def image(picture: Picture, language: Language = language) -> bytes:
                return files[f"figures/{picture.code}.{language}.page.png"]

            files[f"tables.{language}.docx"] = book(exhibits, language, image)
            files[f"exhibits.{language}.tex"] = alone(exhibits, language).encode()
            files[f"tables.{language}.tex"] = tables_only(exhibits, language).encode()
        heads = (CONTENTS, SHEET, EXHIBIT, TITLE)
        files["tables.xlsx"] = workbook(exhibits.tables, known, contents=heads)
    target = source / FOLDER
    if part == "documents":
        files = {
            name: content
            for name, content in files.items()
            if name.endswith((".docx", ".xlsx", ".tex", ".page.pdf"))
        }
    write_atomically(files, target)
    return f"Wrote {len(files)} files into {target}\n"


def _read(source: Path) -> Exhibits:
    path = source / FILE
    try:
        return read(path.read_bytes())
    except FileNotFoundError as error:
        raise StudyError(
            f"There is no {path}. Write the exhibits first: python python/estimate.py"
        ) from error
    except ValueError as error:
        raise StudyError(
            f"{path} cannot be read ({error}). Write it again: python python/estimate.py"
        ) from error


def _drawn(exhibits: Exhibits, source: Path, languages: Sequence[Language]) -> dict[str, bytes]:
    """Every figure in every size and format, drawn by several processes."""
    files: dict[str, bytes] = {}
    with Workers() as workers:
        pieces = [
            workers.begin(
                print_files,
                (source / picture.drawings[language]).read_text(encoding="utf-8"),
                picture.code,
                language,
            )
            for picture in exhibits.pictures
            for language in languages
        ]
        for made in reversed(pieces):
            files |= {f"figures/{name}": content for name, content in made().items()}
    return files
