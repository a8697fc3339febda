"""The pictures of the documents: each is shown, small, and made by the script from the products of today."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from docs.make_pictures import FOLDER, NAMES, PICTURES
from docs.picture_cutting import Printed, on_screen, save_stacked
from docs.picture_scenes import of_a_clerk
from tests.helpers.programs import need

HOME = Path(__file__).parents[2]
DOCUMENTS = sorted({*HOME.glob("*.md"), *HOME.glob("docs/*.md")})


def shown() -> Iterator[tuple[Path, Path]]:
    """Return each document with each picture that it links to."""
    for document in DOCUMENTS:
        for link in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", document.read_text("utf-8")):
            yield document, (document.parent / link).resolve()


def test_every_picture_that_a_document_shows_is_there() -> None:
    missing = [(document.name, picture.name) for document, picture in shown() if not picture.is_file()]
    assert missing == []


def test_the_script_makes_the_pictures_that_documents_show_and_no_others() -> None:
    assert {picture.stem for _, picture in shown()} == set(NAMES)
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(f"{name}.png" for name in NAMES)


def test_pictures_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in FOLDER.iterdir()}
    assert {name: size for name, size in sizes.items() if size > 120_000} == {}
    assert sum(sizes.values()) < 1_500_000


def test_the_clerks_guide_shows_four_steps_with_a_picture_each() -> None:
    page = (HOME / "docs" / "填报指南.md").read_text("utf-8").partition("\n---\n")[0]
    assert re.findall(r"^\*\*第(.)步|\((pictures/[^)]+)\)", page, flags=re.MULTILINE) == [
        ("一", ""),
        ("", "pictures/form-cover.png"),
        ("二", ""),
        ("", "pictures/form-indicators.png"),
        ("三", ""),
        ("", "pictures/form-tasks-issues.png"),
        ("四", ""),
        ("", "pictures/form-check.png"),
    ]
    assert len(page) < 2000


@pytest.mark.libreoffice
def test_a_picture_is_cut_from_the_form_of_today(tmp_path: Path) -> None:
    """The words that it is cut by stand in the form, and it is of the shape of the kept one."""
    need("soffice", "pdftotext", "pdftoppm")
    ready = next(path for name, path in of_a_clerk(tmp_path / "clerk") if name == "ready")
    printed = Printed(on_screen(ready, tmp_path), tmp_path)
    save_stacked([printed.cut(piece) for piece in PICTURES["form-indicators"]], tmp_path / "made.png")
    made, kept = size_of(tmp_path / "made.png"), size_of(FOLDER / "form-indicators.png")
    assert made[0] == kept[0]
    assert 0.9 * kept[1] < made[1] < 2 * kept[1]  # rows may come below, until the picture is made again


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size
