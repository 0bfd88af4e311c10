"""Which packages are registered and which stay unrelated.

Truth needs the two sides to share nothing. Music is split by whole package, so that no
variation of a tune is on both sides; an audit with an independent acoustic fingerprint found
no passage shared across the split, and of the two pairs it found among the registered tracks
one each is left out. Drawings of one series are on both sides on purpose: the same hand, never
the same drawing. What an audit with local features found drawn twice is left out too.
"""

from __future__ import annotations

import re
from pathlib import Path

REGISTERED_MUSIC = ("drascula-music", "singularity-music", "hyperrogue-music", "xmoto-data", "enigma-data")
# Accompaniment of the chanted works; never offered as unrelated.
ACCOMPANIMENT = ("lincity-ng-data", "freeciv-data")
UNRELATED_MUSIC = (
    "planetblupi-music-ogg", "wesnoth-1.16-music", "extremetuxracer-data", "plee-the-bear-data",
    "lugaru-data", "zaz-data", "asc-music", "tuxfootball", "tuxmath-data", "tuxtype-data", "pathological",
)
# drascula track30 opens as track1 does; "March Thee to Dis" is a passage of "Advanced Simulacra".
REPEATED_MUSIC = re.compile(r"track30\.|March_Thee_to_Dis")

REGISTERED_IMAGES = (
    "gnome-backgrounds", "lomiri-wallpapers-16.04", "lomiri-wallpapers-20.04", "mate-backgrounds",
    "ukui-wallpapers", "tuxmath-data", "tuxtype-data", "pysiogame",
)
UNRELATED_IMAGES = (
    "sway-backgrounds", "opencv-doc", "python-skimage-doc", "neverball-data", "zaz-data",
    "lugaru-data", "extremetuxracer-data", "debian-handbook", "pysiogame",
)
ANIMALS = re.compile(r"art4apps__animals__")
# Drawings that hold a figure of another one; the other one stays.
REPEATED_DRAWINGS = re.compile(
    r"__(frog|toad|croak|bottom|male|lad|twin_girls|sail|wife|husband|mast|stare|neck|smoke|sash|breast|"
    r"pedal|handlebar|eyelash|skirt|steak|find|peak|woman|shoes|dad)\."
)

REGISTERED_TEXTS = ("debian-handbook", "anarchism", "perl-doc")
UNRELATED_TEXTS = (
    "r-doc-html", "python3.11-doc", "linux-doc-6.1", "developers-reference", "debian-reference-en",
    "maint-guide", "fortunes", "fortunes-de", "fortunes-it", "manpages", "manpages-dev",
    "manpages-de", "manpages-fr", "manpages-pl", "manpages-ru", "manpages-ja",
)


def is_registrable_drawing(path: Path) -> bool:
    """Drawn animals are the unrelated half of their series."""
    return not ANIMALS.search(path.name) and not REPEATED_DRAWINGS.search(path.name)


def is_unrelated_picture(path: Path) -> bool:
    """Of the shared series only the animals, and of these none that is drawn twice."""
    if path.parent.name != "pysiogame":
        return True
    return bool(ANIMALS.search(path.name)) and not REPEATED_DRAWINGS.search(path.name)
