"""Settings as Python writes them to flags of the command line, which checks them."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Mapping
from typing import Any

# Names that differ from their flag; all others are spelled alike, with dashes.
_FLAGS = {"columns": "column", "media_roots": "media-root", "use_": "use"}
# Settings that are on unless told otherwise.
_ON = {"declarations", "previews", "texts"}
# Settings that name files and folders.
_PATHS = {"c2pa_trust", "config", "media_roots", "places"}


def flags(settings: Mapping[str, Any]) -> list[str]:
    """The flags for some settings. ``None`` leaves a setting as it is by default."""
    found: list[str] = []
    for name, value in settings.items():
        flag = "--" + _FLAGS.get(name, name.replace("_", "-"))
        if value is None:
            continue
        if isinstance(value, bool):
            if name in _ON:
                found += [] if value else [f"--no-{flag[2:]}"]
            elif value:
                found.append(flag)
        else:
            found += [f"{flag}={text}" for text in _texts(value)]
    return found


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        return [f"{key}={each}" for key, each in value.items()]
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        value = [value]
    return [_text(each) for each in value]


def _text(value: Any) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return os.fsdecode(value) if isinstance(value, (str, bytes, os.PathLike)) else str(value)


def paths(value: Any) -> list[str]:
    """One path or several, as texts."""
    if isinstance(value, (str, bytes, os.PathLike)):
        value = [value]
    return [os.fsdecode(each) for each in value]


def absolute(path: str) -> str:
    """A path that means the same in any process of this machine; addresses stay as they are."""
    return path if "://" in path else os.path.abspath(path)


def portable(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The same settings for processes with other working folders."""
    return {
        name: [absolute(path) for path in paths(value)]
        if name in _PATHS and value is not None
        else value
        for name, value in settings.items()
    }
