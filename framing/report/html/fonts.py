"""The report's font inside the page: cut down to the letters that are used, so that nothing is fetched."""

from __future__ import annotations

import base64
from io import BytesIO

from framing.resources import font_folder

CUTS = {400: "Regular", 600: "SemiBold"}
"""Weights of the page, and the files that hold them."""

_LICENCE = (0, 13, 14)
"""Name records that stay: copyright and licence. A changed font may not keep its reserved name (OFL, clause 3)."""


def font_faces(text: str, family: str) -> str:
    """Return style rules that embed the font with the letters of a text, and all of printed ASCII.

    Parameters
    ----------
    text
        All that the page can show.
    family
        Name under which the page uses it.
    """
    letters = set(text) | {chr(code) for code in range(0x20, 0x7F)}
    return "\n".join(
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:block;'
        f'src:url("data:font/woff;base64,{_cut(name, letters)}") format("woff")}}'
        for weight, name in CUTS.items()
    )


def _cut(name: str, letters: set[str]) -> str:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(
        layout_features=["*"],
        drop_tables=["meta", "DSIG"],
        name_IDs=list(_LICENCE),
        notdef_outline=True,
        hinting=False,
        flavor="woff",
    )
    font = TTFont(font_folder() / f"IBMPlexSansArabic-{name}.ttf", recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(letter) for letter in letters])
    cutter.subset(font)
    font.flavor = "woff"
    content = BytesIO()
    font.save(content)
    return base64.b64encode(content.getvalue()).decode("ascii")
