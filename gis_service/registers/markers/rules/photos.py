"""R-MRK-15: a photo tells by its EXIF where, when and in which direction it was taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, UnidentifiedImageError
from shapely.geometry import Point

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.foundation.measure import distance_m
from gis_service.registers.markers.rules.evidence import geojson
from gis_service.registers.markers.rules.thresholds import thresholds

R_MRK_15 = Rule("R-MRK-15", "界桩照片带有拍摄的时间、位置和方向，且摄于桩位", "本服务约定", status="D")

_BEIJING = timezone(timedelta(hours=8))  # cameras that tell no offset are set to it
_GPS = ExifTags.GPS


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What a photo tells of itself: when, where (lon/lat) and in which direction from north."""

    taken_at: datetime | None = None
    point: Point | None = None
    azimuth_deg: float | None = None


def read_photo(content: bytes) -> PhotoFacts:
    """The EXIF of a photo; nothing of a file that has none, or is no picture."""
    try:
        with Image.open(BytesIO(content)) as picture:
            exif = picture.getexif()
            own, place = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return PhotoFacts()
    return PhotoFacts(_moment(own), _point(place), _number(place.get(_GPS.GPSImgDirection)))


def _moment(exif: Mapping[int, Any]) -> datetime | None:
    written = str(exif.get(ExifTags.Base.DateTimeOriginal, ""))
    offset = str(exif.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\x00 ")
    try:
        told = datetime.strptime(written.strip("\x00 "), "%Y:%m:%d %H:%M:%S").replace(tzinfo=_BEIJING)
        return datetime.fromisoformat(f"{told:%Y-%m-%dT%H:%M:%S}{offset}") if offset else told
    except ValueError:
        return None


def _point(place: Mapping[int, Any]) -> Point | None:
    lat = _degrees(place.get(_GPS.GPSLatitude), negative=place.get(_GPS.GPSLatitudeRef) == "S")
    lon = _degrees(place.get(_GPS.GPSLongitude), negative=place.get(_GPS.GPSLongitudeRef) == "W")
    return None if lat is None or lon is None else Point(lon, lat)


def _degrees(written: Any, *, negative: bool) -> float | None:
    parts = [_number(part) for part in written] if isinstance(written, tuple) else []
    known = [part for part in parts if part is not None]
    if len(known) != 3:
        return None
    value = known[0] + known[1] / 60.0 + known[2] / 3600.0
    return -value if negative else value


def _number(written: Any) -> float | None:
    try:
        value = float(written)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return value if abs(value) < 1e6 else None  # also refuses what is no number


def judge_photo(number: str, name: str, photo: PhotoFacts, stands: Point | None) -> Iterator[Finding]:
    """What a photo does not tell, and whether it was taken where the marker stands; nothing is refused."""
    told = {"时间": photo.taken_at, "位置": photo.point, "方向": photo.azimuth_deg}
    missing = [word for word, value in told.items() if value is None]
    if missing:
        yield R_MRK_15.finding(
            Severity.warning if photo.point is None else Severity.info,
            number,
            f"界桩 {number} 的照片“{name}”没有记载拍摄的{'、'.join(missing)}",
            suggestion="照片已收入；请尽量用开启定位的相机拍摄，并提交未经转发压缩的原图",
        )
    if photo.point is not None and stands is not None:
        apart = distance_m(photo.point.x, photo.point.y, stands.x, stands.y)
        if apart > thresholds().photo_m:
            yield R_MRK_15.finding(
                Severity.warning,
                number,
                f"照片“{name}”摄于离界桩 {number} 登记位置 {apart:.0f} m 处",
                place=geojson(photo.point),
                suggestion="请核对照片是否属于此桩，或界桩是否移位",
            )
