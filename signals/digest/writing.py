"""Putting the digest's three files on disk, each whole or not at all."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from signals.digest.html import render_html
from signals.digest.markdown import render_markdown, render_picture
from signals.digest.record import Digest


def write_digest(digest: Digest, folder: Path) -> tuple[Path, Path, Path]:
    """Write digest-YYYY-MM-DD.svg, .md and .html, replacing older ones; returns html, md, svg.

    The HTML comes last: where it stands, the other two stand too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"digest-{digest.day}"
    picture, text, page = (folder / f"{stem}.{suffix}" for suffix in ("svg", "md", "html"))
    write_whole(picture, render_picture(digest))
    write_whole(text, render_markdown(digest, picture=picture.name))
    write_whole(page, render_html(digest))
    return page, text, picture


def write_whole(path: Path, text: str) -> None:
    """Replace a file in one step: readers see the old or the new content, a crash leaves the old."""
    temporary = NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}.", delete=False)  # noqa: SIM115
    try:
        with temporary as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        Path(temporary.name).chmod(0o640)
        os.replace(temporary.name, path)
    except BaseException:
        Path(temporary.name).unlink(missing_ok=True)
        raise
