"""Figures as forms write them: degrees, minutes and seconds, metres, and nothing where nothing is known."""

from __future__ import annotations

from datetime import date

from gis_service.foundation.coordinates import format_dms
from gis_service.publications.forms.schemas import Coordinates
from gis_service.publications.forms.sheets.drafting.layout import layout


def dms(degrees: float | None, decimals: int | None = None) -> str:
    """118°46′00.120″, carried over where seconds round up to sixty."""
    if degrees is None:
        return ""
    places = layout()["decimals"]["second"] if decimals is None else decimals
    return format_dms(degrees, decimals=places)


def metres(value: float | None, kind: str) -> str:
    """A length in metres with the decimals of its kind; empty where it is not known."""
    return "" if value is None else f"{value:.{layout()['decimals'][kind]}f}"


def kilometres(value: float | None) -> str:
    """A length in kilometres to a metre."""
    return "" if value is None else f"{value:.3f}"


def day(value: date | None) -> str:
    """2020年6月5日."""
    return "" if value is None else f"{value.year}年{value.month}月{value.day}日"


def known(given: Coordinates | None) -> Coordinates:
    """Coordinates, or such as tell nothing."""
    return Coordinates(None, None, "") if given is None else given


def system_in_short(given: Coordinates) -> str:
    """The system with its zone, on two lines of a narrow column."""
    if given.zone is None or given.zone_width is None:
        return given.system
    return f"{given.system}\n{given.zone_width}°带第{given.zone}带"


def system_told(given: Coordinates) -> str:
    """The system with its zone: CGCS2000，3°带第40带（中央子午线120°）."""
    if given.zone is None or given.zone_width is None:
        return given.system
    meridian = given.central_meridian
    centre = "" if meridian is None else f"（中央子午线{meridian:g}°）"
    return f"{given.system}，{given.zone_width}°带第{given.zone}带{centre}"
