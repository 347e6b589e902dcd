"""示例地名：写入一个县级单位，供各笔记本试用。均为合成，并非真实地名。

python notebooks/sample.py http://127.0.0.1:8000 320116        # 令牌取自 GIS_TOKEN
"""

from __future__ import annotations

import os
import sys

import geopandas
from shapely import Point

from gis_service.client import Gazetteer, Pushed

ACT = {
    "number": "示例〔2026〕1号",
    "kind": "数据集",
    "title": "笔记本示例地名",
    "issuer": "示例",
    "issued_on": "2020-01-01",
}
# 名称、类别、拼写、别名、曾用名、离政区中部的位移（千分度，东和北）
NAMES = (
    ("新集村", "22200", "Xīnjícūn", ["新集"], [], -3, 2),
    ("马集村", "22200", "Mǎjícūn", [], ["马家集"], -1, 2),
    ("小营村", "22200", "Xiǎoyíngcūn", [], [], 1, 2),
    ("小营村", "22200", "Xiǎoyíngcūn", [], [], 3, -2),
    ("晓营村", "22200", "Xiǎoyíngcūn", [], [], 2, 3),
    ("大泉村", "22200", None, [], [], -2, -1),
    ("堡子村", "22200", None, [], [], 0, -2),
    ("滁河", "12100", "Chú Hé", [], [], -4, 0),
    ("龙池", "12200", "Lóng Chí", [], [], 2, 0),
    ("方山", "13400", "Fāng Shān", [], [], -3, -3),
    ("葛塘路", "23514", "Gětáng Lù", [], [], 0, 1),
    ("曼哈顿花园", "22100", None, [], [], 1, -1),
    ("世界之窗小区", "22100", None, [], [], -1, -3),
    ("八八八大厦", "26200", None, [], [], 3, 1),
    ("中央御景国际公馆", "22100", None, [], [], 4, -1),
)


def enter(gazetteer: Gazetteer, within: str, centre: tuple[float, float], on: str = "2020-01-01") -> Pushed:
    """把示例地名写入一个单位；再次写入不作改动。"""
    rows = [
        {
            "name": name,
            "class": class_,
            "roman": roman,
            "aliases": aliases,
            "former": former,
            "division": within,
            "synthetic": True,
            "code": f"{within}000{class_}{at:06d}",
            "geometry": Point(centre[0] + east / 1000, centre[1] + north / 1000),
        }
        for at, (name, class_, roman, aliases, former, east, north) in enumerate(NAMES, start=1)
    ]
    frame = geopandas.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4490")
    return gazetteer.push(frame, instrument=ACT, on=on)


def main() -> None:
    """写入命令行所指的服务和单位。"""
    url, within = sys.argv[1], sys.argv[2]
    gazetteer = Gazetteer(url, os.environ.get("GIS_TOKEN"))
    [area] = gazetteer.features("/divisions", within=within, level="county").geometry
    place = area.representative_point()
    print(enter(gazetteer, within, (place.x, place.y)).summary)


if __name__ == "__main__":
    main()
