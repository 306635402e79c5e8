"""Makes the faces of picture cards from those of the UI: `python3 crates/share/fonts/make.py`.

One weight of each variable font, its Latin subsets in one file. Needs `npm ci`, and fonttools and brotli
from PyPI. Run only when the UI's fonts change; what it makes is kept.
"""
import pathlib
import tempfile

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

HERE = pathlib.Path(__file__).resolve().parent
FONTS = HERE.parents[2] / "node_modules/@fontsource-variable"
SUBSETS = ["latin", "latin-ext", "vietnamese"]
# Package, its files, the axes' values, family, style.
FACES = [
    ("newsreader", "newsreader-{}-opsz-normal.woff2", {"opsz": 72, "wght": 600}, "Newsreader", "SemiBold"),
    ("public-sans", "public-sans-{}-wght-normal.woff2", {"wght": 700}, "Public Sans", "Bold"),
    ("public-sans", "public-sans-{}-wght-normal.woff2", {"wght": 400}, "Public Sans", "Regular"),
]
WINDOWS_ENGLISH = (3, 1, 0x409)


def instance(path, axes, folder):
    font = TTFont(path)
    font.flavor = None
    font = instancer.instantiateVariableFont(font, axes)
    for table in ("STAT", "MVAR", "HVAR", "avar"):
        if table in font:
            del font[table]
    made = folder / f"{path.stem}.ttf"
    font.save(made)
    return str(made)


def name(font, family, style):
    names = font["name"]
    names.names = [one for one in names.names if one.nameID not in (16, 17, 21, 22, 25)]
    common = style in ("Regular", "Bold")
    for number, text in {
        1: family if common else f"{family} {style}",
        2: style if common else "Regular",
        4: f"{family} {style}",
        6: f"{family.replace(' ', '')}-{style}",
        16: family,
        17: style,
    }.items():
        names.setName(text, number, *WINDOWS_ENGLISH)
    bold = style == "Bold"
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0x61) | (0x20 if bold else 0x40)
    font["head"].macStyle = int(bold)


for package, files, axes, family, style in FACES:
    with tempfile.TemporaryDirectory() as folder:
        paths = [FONTS / package / "files" / files.format(subset) for subset in SUBSETS]
        font = Merger().merge([instance(path, axes, pathlib.Path(folder)) for path in paths])
    name(font, family, style)
    font["OS/2"].usWeightClass = axes["wght"]
    font.save(HERE / f"{family.replace(' ', '')}-{style}.ttf")
