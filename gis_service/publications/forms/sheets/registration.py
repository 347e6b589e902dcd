"""界桩登记表: one page for each marker, with its sketch and blank places for the signatures of each side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from gis_service.publications.forms.schemas import (
    Cell,
    Column,
    FormPlan,
    LineEvidence,
    MachineTable,
    MarkerEvidence,
    MovedBy,
    Section,
    Table,
)
from gis_service.publications.forms.sheets.drafting.figures import day, dms, known, metres, system_told
from gis_service.publications.forms.sheets.drafting.imprint import form
from gis_service.publications.forms.sheets.drafting.layout import layout
from gis_service.publications.forms.sheets.drafting.machine import iso, marker_table
from gis_service.publications.forms.sheets.drafting.sketch import off_line_m, position_sketch

NAME = "registration"
TITLE = "界桩登记表"
_WIDTHS = (24.0, 31.0, 25.0, 34.0, 24.0, 32.0)
_WHOLE = len(_WIDTHS)
_Row = tuple[Cell, ...]


def plan(evidence: LineEvidence) -> FormPlan:
    """The form of a line: the markers by number."""
    sections = tuple(_page(evidence, marker) for marker in evidence.markers)
    empty = (Section("", "", (Table((170.0,), ((Cell("此界线没有登记的界桩"),),)),)),)
    tables = (marker_table(evidence), _history(evidence), _moved_by(evidence), _files(evidence))
    return form(NAME, TITLE, evidence, sections or empty, tables)


def _page(evidence: LineEvidence, marker: MarkerEvidence) -> Section:
    rows = [
        *_identity(evidence, marker),
        *_places(marker),
        *_position(evidence, marker),
        *_bearings(marker),
        *_pictures(evidence, marker),
        *_keeping(marker),
        *_signatures(evidence, marker),
        _wide("变更记录", _told_history(marker)),
        _wide("备　注", marker.note or ""),
    ]
    table = Table(_WIDTHS, tuple(rows), row_mm=6.9)
    return Section(f"界桩编号：{marker.number}", f"登记状况日期：{day(evidence.on)}", (table,))


def _head(text: str, span: int = 1, down: int = 1) -> Cell:
    return Cell(text, span, down, head=True)


def _wide(head: str, text: str) -> _Row:
    return (_head(head), Cell(text, _WHOLE - 1, align="left"))


def _identity(evidence: LineEvidence, marker: MarkerEvidence) -> Iterator[_Row]:
    yield (
        _head("界桩编号"),
        Cell(marker.number),
        _head("界线及编码"),
        Cell(f"{evidence.name}　{evidence.code}"),
        _head("级　别"),
        Cell(evidence.level),
    )
    yield (
        _head("埋设方式"),
        Cell(f"{marker.placement}（{marker.kind}）"),
        _head("界桩形状"),
        Cell(marker.shape or ""),
        _head("材　质"),
        Cell(marker.material or ""),
    )


def _places(marker: MarkerEvidence) -> Iterator[_Row]:
    """As many sides as there are, and not fewer lines than the form has."""
    count = max(layout()["registration"]["sides"], len(marker.sides))
    for number in range(count):
        told = marker.sides[number].location if number < len(marker.sides) else ""
        yield _wide(f"所在地{number + 1}", told)


def _position(evidence: LineEvidence, marker: MarkerEvidence) -> Iterator[_Row]:
    given = known(marker.coordinates)
    off = off_line_m(marker, evidence.course)
    yield (
        _head("经　度"),
        Cell(dms(given.lon), 2),
        _head("纬　度"),
        Cell(dms(given.lat), 2),
    )
    yield (
        _head("纵坐标X（米）"),
        Cell(metres(given.x, "coordinate_m")),
        _head("横坐标Y（米）"),
        Cell(metres(given.y, "coordinate_m")),
        _head("高程H（米）"),
        Cell(metres(given.height, "height_m")),
    )
    yield (
        _head("坐标系统"),
        Cell(system_told(given), 3),
        _head("高程系统"),
        Cell(given.height_system or ""),
    )
    yield (
        _head("测定方法"),
        Cell(given.method or ""),
        _head("点位精度（米）"),
        Cell(metres(given.accuracy_m, "coordinate_m")),
        _head("离界线（米）"),
        Cell(metres(off, "distance_m")),
    )


def _bearings(marker: MarkerEvidence) -> Iterator[_Row]:
    count = max(layout()["registration"]["bearings"], len(marker.bearings))
    yield (
        _head("方位物", down=count + 1),
        _head("名称和部位", 3),
        _head("坐标方位角"),
        _head("距离（米）"),
    )
    for number in range(count):
        if number >= len(marker.bearings):
            yield Cell("", 3), Cell(), Cell()
            continue
        each = marker.bearings[number]
        name = Cell(f"{each.ordinal}　{each.name}", 3, align="left")
        yield name, Cell(dms(each.azimuth_deg, 0)), Cell(metres(each.distance_m, "distance_m"))


def _pictures(evidence: LineEvidence, marker: MarkerEvidence) -> Iterator[_Row]:
    sketch = position_sketch(marker, evidence.course)
    photos = [each for each in marker.files if each.kind == "照片"]
    told = "\n".join(f"{each.name}\nSHA-256 {each.sha256[:16]}…" for each in photos[:4]) or "（无照片）"
    more = f"\n等 {len(photos)} 张" if len(photos) > 4 else ""
    yield _head("位置略图", 4), _head("照　片", 2)
    yield Cell("" if sketch else "（无坐标，不能绘图）", 4, sketch=sketch), Cell(told + more, 2)


def _keeping(marker: MarkerEvidence) -> Iterator[_Row]:
    seen = f"\n（{day(marker.seen_on)}）" if marker.seen_on else ""
    yield (
        _head("管理方"),
        Cell(marker.managing.name if marker.managing else ""),
        _head("看护人"),
        Cell(marker.custodian or ""),
        _head("状　况"),
        Cell(f"{marker.state or '未查看'}{seen}"),
    )


def _signatures(evidence: LineEvidence, marker: MarkerEvidence) -> Iterator[_Row]:
    """Blank, to be signed by hand; at a tri-point by the three that meet there."""
    told = [f"{unit.name}一方" for unit in marker.meeting or evidence.sides]
    yield tuple(_head(text, 2) for text in (*told, "第三方（三交点）")[:3])
    blank = "技术人员：\n\n界线管理机关（章）：\n\n　　　　年　　月　　日"
    yield tuple(Cell(blank, 2, align="left") for _ in range(3))


def _told_history(marker: MarkerEvidence) -> str:
    """What happened, one line each; beneath a moving or adding the papers by which it was done."""
    lines = [
        (each.on, f"{day(each.on)}　{each.what}{f'（{each.by}）' if each.by else ''}")
        for each in marker.history
    ]
    moves = groupby(marker.moved_by, key=lambda each: (each.on, each.action))
    lines += [(on, f"　　{action}所据：{_told_papers(papers)}") for (on, action), papers in moves]
    return "\n".join(text for _, text in sorted(lines, key=lambda line: line[0]))


def _told_papers(papers: Iterable[MovedBy]) -> str:
    return "；".join(f"{each.role} {each.number}{_signed(each)}" for each in papers)


def _signed(paper: MovedBy) -> str:
    return f"（{'、'.join(unit.name for unit in paper.signed_by)}同意）" if paper.signed_by else ""


def _history(evidence: LineEvidence) -> MachineTable:
    rows = [
        (marker.number, iso(each.on), each.what, each.by or None)
        for marker in evidence.markers
        for each in marker.history
    ]
    return MachineTable("变更记录", tuple(map(Column, ("界桩编号", "日期", "事项", "依据"))), tuple(rows))


def _moved_by(evidence: LineEvidence) -> MachineTable:
    rows = [
        (
            *(marker.number, iso(each.on), each.action, each.role, each.number or None),
            "、".join(unit.code for unit in each.signed_by) or None,
        )
        for marker in evidence.markers
        for each in marker.moved_by
    ]
    heads = ("界桩编号", "日期", "事项", "文件", "文号", "同意的各方")
    return MachineTable("移位和增设的文件", tuple(map(Column, heads)), tuple(rows))


def _files(evidence: LineEvidence) -> MachineTable:
    rows = [
        (marker.number, each.kind, each.name, each.sha256)
        for marker in evidence.markers
        for each in marker.files
    ]
    return MachineTable("文件", tuple(map(Column, ("界桩编号", "种类", "名称", "SHA-256"))), tuple(rows))
