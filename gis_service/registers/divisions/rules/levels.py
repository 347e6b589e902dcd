"""The five levels and the statutory types of divisions; every other tier speaks in these words."""

from __future__ import annotations

from enum import StrEnum


class DivisionLevel(StrEnum):
    """Level of a division (行政层级), from the province down."""

    province = "province"
    prefecture = "prefecture"
    county = "county"
    township = "township"
    village = "village"

    @property
    def word(self) -> str:
        """The Chinese word."""
        return _WORDS[self]

    @property
    def rank(self) -> int:
        """1 for the province, 5 for the village."""
        return rank_of(self)

    @property
    def above(self) -> DivisionLevel | None:
        """The next higher level; None above the province."""
        return None if self.rank == 1 else list(DivisionLevel)[self.rank - 2]

    @property
    def below(self) -> DivisionLevel | None:
        """The next lower level; None below the village."""
        return None if self.rank == len(DivisionLevel) else list(DivisionLevel)[self.rank]


_RANKS: dict[str, int] = {level.value: rank for rank, level in enumerate(DivisionLevel, start=1)}


def rank_of(level: str) -> int:
    """The rank of a level by its name, asked by the thousand: 1 for the province, 5 for the village."""
    return _RANKS[level]


_WORDS = {
    DivisionLevel.province: "省级",
    DivisionLevel.prefecture: "地级",
    DivisionLevel.county: "县级",
    DivisionLevel.township: "乡级",
    DivisionLevel.village: "村级",
}


class DivisionType(StrEnum):
    """Statutory type of a division; the value is the official term."""

    province = "省"
    autonomous_region = "自治区"
    municipality = "直辖市"
    special_administrative_region = "特别行政区"
    prefecture_city = "地级市"
    prefecture = "地区"
    autonomous_prefecture = "自治州"
    league = "盟"
    district = "市辖区"
    county_city = "县级市"
    county = "县"
    autonomous_county = "自治县"
    banner = "旗"
    autonomous_banner = "自治旗"
    forestry_district = "林区"
    special_district = "特区"
    town = "镇"
    township = "乡"
    ethnic_township = "民族乡"
    sumu = "苏木"
    ethnic_sumu = "民族苏木"
    subdistrict = "街道"
    district_office = "区公所"
    village = "村"
    community = "社区"

    @property
    def level(self) -> DivisionLevel:
        """The level this type belongs to."""
        return _LEVEL_OF_TYPE[self]


_TYPES_BY_LEVEL: dict[DivisionLevel, tuple[DivisionType, ...]] = {
    DivisionLevel.province: (
        DivisionType.province,
        DivisionType.autonomous_region,
        DivisionType.municipality,
        DivisionType.special_administrative_region,
    ),
    DivisionLevel.prefecture: (
        DivisionType.prefecture_city,
        DivisionType.prefecture,
        DivisionType.autonomous_prefecture,
        DivisionType.league,
    ),
    DivisionLevel.county: (
        DivisionType.district,
        DivisionType.county_city,
        DivisionType.county,
        DivisionType.autonomous_county,
        DivisionType.banner,
        DivisionType.autonomous_banner,
        DivisionType.forestry_district,
        DivisionType.special_district,
    ),
    DivisionLevel.township: (
        DivisionType.town,
        DivisionType.township,
        DivisionType.ethnic_township,
        DivisionType.sumu,
        DivisionType.ethnic_sumu,
        DivisionType.subdistrict,
        DivisionType.district_office,
    ),
    DivisionLevel.village: (DivisionType.village, DivisionType.community),
}
_LEVEL_OF_TYPE = {kind: level for level, kinds in _TYPES_BY_LEVEL.items() for kind in kinds}
