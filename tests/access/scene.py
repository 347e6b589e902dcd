"""Two cities: one with a record of every kind and classification, and people of every role in either."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import product
from pathlib import Path
from uuid import UUID

from geoalchemy2 import WKTElement
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Actor, Classification, Grant, Role
from gis_service.foundation.files import FileStore
from gis_service.foundation.settings import Settings
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.procedures.changes.models import (
    CaseState,
    ChangeCase,
    Consultation,
    Evaluation,
    Material,
    Party,
    Step,
)
from gis_service.procedures.corrections.models import NameSuggestion
from gis_service.procedures.disputes.models import DisputeCase
from gis_service.procedures.intake.models import LoadedDelivery, NameReview
from gis_service.procedures.resurveys.models import Resurvey
from gis_service.procedures.settlements.models import Settlement
from gis_service.publications.maps.models import Edition, EditionFile, Sheet
from gis_service.registers.archives.commands import About, NewFile, NewItem, register_item
from gis_service.registers.archives.commands.keeping import Keeping
from gis_service.registers.archives.models import ArchiveKind
from gis_service.registers.authorities.commands import NewAccount, open_account
from gis_service.registers.boundaries.models import BoundaryLine, Edge
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.models import Instrument, InstrumentKind
from gis_service.registers.instruments.schemas import InstrumentIn
from gis_service.registers.markers.commands import (
    Attachment,
    NewMarker,
    NewTriPoint,
    Position,
    attach_files,
    register_markers,
    register_tri_points,
)
from gis_service.registers.markers.models import MarkerFileKind
from gis_service.registers.placenames.commands import NewFeature, NewName, enter_features
from tests.support.archives import a_geotiff
from tests.support.changes import CITY, DRAWING, MERGE, a_proposal
from tests.support.factories import BEGINNING, NOW, REGISTRAR, drawn, registered
from tests.support.grid import areas
from tests.support.peace import keep_peace

INSIDE, OUTSIDE = "320600", "320500"
ISLANDS = """
..........
..........
..........
..........
..........
UV.WX.YZ..
"""
PAIRS = {Classification.public: "UV", Classification.internal: "WX", Classification.secret: "YZ"}
UNITS = {letter: (f"32062{number}", f"{letter}县") for number, letter in enumerate("UVWXYZ", start=1)}
CONTENT = b"%PDF-1.4 of a trial\n"


@dataclass(frozen=True, slots=True)
class Subject:
    """A record of every kind that lies in the one city, at one classification."""

    classification: Classification
    paper: str
    paper_id: UUID
    unit: str
    other: str
    unit_id: UUID
    lon: float
    lat: float
    line: UUID
    marker: UUID
    feature: UUID
    edge: UUID
    case: str
    sheet: UUID
    delivery: UUID
    settlement: str
    resurvey: str
    dispute: str
    suggestion: str
    peace: str
    account: str
    archive: UUID
    image: str
    review: UUID


@dataclass(frozen=True, slots=True)
class Scene:
    """The records by classification, and everybody who may ask for them."""

    subjects: dict[Classification, Subject]
    places: dict[str, UUID]
    everybody: tuple[Actor, ...]

    def lies_inside(self, actor: Actor) -> bool:
        """Whether the actor's one role is held in the city of the records."""
        return any(grant.division_id == self.places[INSIDE] for grant in actor.grants)


def set_up(sessions: sessionmaker[Session], settings: Settings) -> Scene:
    """Fill the registers."""
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        places = drawn(tx, DRAWING, CITY)
        subjects = {each: _subject(tx, settings, places[INSIDE], each) for each in Classification}
        return Scene(subjects, places, tuple(_everybody(tx, places)))


def _everybody(tx: Transaction, places: dict[str, UUID]) -> Iterator[Actor]:
    """Somebody for each role in and out of the city at each clearance; and one who holds no role."""
    for role, place, clearance in product(Role, (INSIDE, OUTSIDE), Classification):
        new = NewAccount(f"{role.value} {place} {clearance}", "某人", f"{place}局", places[place], clearance)
        account = open_account(tx, new)
        grants = (Grant(role, places[place]),)
        yield Actor(new.name, new.authority, account.id, grants, clearance, second_factor=True)
    idle = open_account(tx, NewAccount("idle", "某人", "某局", places[OUTSIDE], Classification.secret))
    yield Actor(idle.name, "某局", idle.id, (), Classification.secret, second_factor=True)


def _subject(tx: Transaction, settings: Settings, within: UUID, kept: Classification) -> Subject:
    paper = InstrumentIn(
        number=f"{kept}数据集",
        kind=InstrumentKind.dataset,
        title="数据集",
        issuer="测绘队",
        issued_on=BEGINNING,
        classification=kept,
    )
    paper_id = register_instrument(tx, paper, kept_within=[within]).id
    shapes, (one, other) = areas(ISLANDS), PAIRS[kept]
    units = registered(tx, {each: (*UNITS[each], shapes[each]) for each in (one, other)}, source=paper_id)
    inside = shapes[one].representative_point()
    line = tx.session.scalars(select(BoundaryLine.id).where(BoundaryLine.begun_by == paper_id).limit(1)).one()
    archive, image = _archive(tx, settings, line, (inside.x, inside.y), paper_id)
    edge = select(Edge.id).where(Edge.source_id == paper_id).limit(1)
    return Subject(
        classification=kept,
        paper=paper.number,
        paper_id=paper_id,
        unit=UNITS[one][0],
        other=UNITS[other][0],
        unit_id=units[one],
        lon=inside.x,
        lat=inside.y,
        line=line,
        marker=_marker(
            tx, settings, line, (inside.x, inside.y), (units[one], units[other], within), paper_id
        ),
        feature=_feature(tx, units[one], paper.number, paper_id),
        edge=tx.session.scalars(edge).one(),
        case=_case(tx, settings, units[one], kept),
        sheet=_sheet(tx, settings, units[one], kept),
        delivery=_delivery(tx, paper_id, kept),
        settlement=_settlement(tx, line, paper_id, kept),
        resurvey=_resurvey(tx, line, paper_id, kept),
        dispute=_dispute(tx, line, units[one], kept),
        suggestion=_suggestion(tx, units[one], kept),
        peace=keep_peace(tx, line, (units[one], units[other]), paper_id, kept),
        account=_account(tx, within, kept, paper_id),
        archive=archive,
        image=image,
        review=_review(tx, units[one], paper_id, kept),
    )


def _marker(
    tx: Transaction,
    settings: Settings,
    line: UUID,
    point: tuple[float, float],
    units: tuple[UUID, UUID, UUID],
    paper_id: UUID,
) -> UUID:
    """A marker with a file, and a tri-point it stands at."""
    new = NewMarker(f"{paper_id}"[:8], line, position=Position(point, "CGCS2000"))
    [marker] = register_markers(tx, [new], on=BEGINNING, instrument_id=paper_id)
    store = FileStore(settings.files_dir)
    file = Attachment(marker, MarkerFileKind.form, "登记表.pdf", CONTENT)
    attach_files(tx, [file], on=BEGINNING, instrument_id=paper_id, store=store)
    paper = tx.session.get_one(Instrument, paper_id)
    met = NewTriPoint(f"{paper.number}三交点", point, units, marker_id=marker)
    register_tri_points(tx, [met], on=BEGINNING, instrument_id=paper_id)
    return marker


def _feature(tx: Transaction, unit: UUID, number: str, paper_id: UUID) -> UUID:
    new = NewFeature((NewName(f"{number}桥"),), "23610", (unit,))
    return enter_features(tx, [new], on=BEGINNING, instrument_id=paper_id)[0]


def _settlement(tx: Transaction, line: UUID, paper_id: UUID, kept: Classification) -> str:
    number = f"KJ-2020-{kept.rank + 1:05d}"
    known = tx.session.get_one(BoundaryLine, line)
    tx.session.add(
        Settlement(
            number=number,
            line_id=line,
            line_code=known.code,
            line_name=known.name,
            level=known.level,
            first_id=known.first_id,
            second_id=known.second_id,
            follows="shortened",
            new_km=0.0,
            inherited_km=0.0,
            left_km=1.0,
            effective_on=BEGINNING,
            instrument_id=paper_id,
            tasks=["archive"],
            due_on=BEGINNING,
            state="open",
            opened_at=NOW,
        )
    )
    return number


def _resurvey(tx: Transaction, line: UUID, paper_id: UUID, kept: Classification) -> str:
    number = f"XC-2020-{kept.rank + 1:05d}"
    known = tx.session.get_one(BoundaryLine, line)
    tx.session.add(
        Resurvey(
            number=number,
            line_id=line,
            line_code=known.code,
            line_name=known.name,
            level=known.level,
            first_id=known.first_id,
            second_id=known.second_id,
            cause="road",
            object_name="某路",
            note="",
            instrument_id=paper_id,
            found_on=BEGINNING,
            state="open",
            opened_at=NOW,
        )
    )
    return number


def _dispute(tx: Transaction, line: UUID, unit: UUID, kept: Classification) -> str:
    number = f"YH-2020-{kept.rank + 1:05d}"
    known = tx.session.get_one(BoundaryLine, line)
    words = dict.fromkeys(("place", "found_by", "found_how", "measures"), "某")
    case = DisputeCase(
        number=number,
        kind="纠纷",
        line_id=line,
        first_id=known.first_id,
        second_id=known.second_id,
        geom=WKTElement("POINT(119 31.95)", srid=4490),
        parties=[],
        level="一般",
        cause="其他",
        found_on=BEGINNING,
        due_on=BEGINNING,
        responsible_id=unit,
        state="registered",
        classification=kept.value,
        **words,
    )
    tx.session.add(case)
    return number


def _suggestion(tx: Transaction, unit: UUID, kept: Classification) -> str:
    number = f"JY-2020-{kept.rank + 1:05d}"
    told = dict.fromkeys(("feature_name", "text", "evidence", "contact"), "某")
    about = {"kind": "missing", "division_id": unit, "proposed": {"name": "某村"}}
    tx.session.add(NameSuggestion(number=number, **about, **told, asked_at=NOW, state="open"))
    return number


def _archive(
    tx: Transaction, settings: Settings, line: UUID, point: tuple[float, float], paper_id: UUID
) -> tuple[UUID, str]:
    """An item on file about the line, with an image that lies on the ground."""
    paper = tx.session.get_one(Instrument, paper_id)
    words = (f"{paper.number}档案", "航片", ArchiveKind.image, BEGINNING, "测绘队")
    file = NewFile("航片.tif", a_geotiff(point[0] - 0.005, point[1] + 0.005))
    how = Keeping(paper_id, FileStore(settings.files_dir), BEGINNING)
    filed = register_item(tx, NewItem(*words), About(frozenset({line})), [file], how)
    return filed.item.id, file.sha256


def _case(tx: Transaction, settings: Settings, unit: UUID, kept: Classification) -> str:
    number = f"BG-2025-{kept.rank + 1:05d}"
    case = ChangeCase(
        number=number,
        title=f"{kept}案卷",
        state=CaseState.draft.value,
        revision=1,
        proposal=a_proposal(MERGE),
        digest=number,
        effective_on=BEGINNING,
        drafted_at=NOW,
        classification=kept.value,
    )
    tx.session.add(case)
    tx.session.flush()
    tx.session.add(Party(case_id=case.id, division_id=unit))
    digest = FileStore(settings.files_dir).keep(CONTENT)
    tx.session.add(
        Material(
            case_id=case.id,
            kind="application",
            name="申请书.pdf",
            sha256=digest,
            size_bytes=len(CONTENT),
            added_at=NOW,
        )
    )
    _conduct(tx, case)
    return number


def _conduct(tx: Transaction, case: ChangeCase) -> None:
    """A step that was taken, a department that has not answered, an evaluation."""
    known = {"case_id": case.id, "recorded_at": NOW, "summary": ""}
    step = {"kind": "site_visit", "begun_on": BEGINNING, "organiser": "某局", "result": "同意"}
    tx.session.add(Step(ordinal=1, documents=[], **step, **known))
    due = {"asked_on": BEGINNING, "answer_by": BEGINNING}
    tx.session.add(Consultation(department="finance", **due, **known))
    evaluation = {"evaluator": "某局", "indicator_set": "general-2020", "grade": "缺数据"}
    tx.session.add(
        Evaluation(round=1, side="自评", evaluated_on=NOW, figures=[], scores=[], **evaluation, **known)
    )


def _sheet(tx: Transaction, settings: Settings, unit: UUID, kept: Classification) -> UUID:
    path = Path(f"{kept.name}.pdf")
    settings.editions_dir.mkdir(parents=True, exist_ok=True)
    (settings.editions_dir / path).write_bytes(CONTENT)
    sheet = Sheet(type="division", subject=unit, title=f"{kept}图", classification=kept.value)
    tx.session.add(sheet)
    tx.session.flush()
    edition = Edition(
        sheet_id=sheet.id,
        number=1,
        valid_on=BEGINNING,
        fingerprint="0",
        denominator=50_000,
        drawn_at=NOW,
        classification=kept.value,
    )
    tx.session.add(edition)
    tx.session.flush()
    digest = sha256(CONTENT).hexdigest()
    tx.session.add(EditionFile(edition_id=edition.id, format="pdf", path=str(path), sha256=digest))
    return sheet.id


def _delivery(tx: Transaction, paper_id: UUID, kept: Classification) -> UUID:
    delivery = LoadedDelivery(
        instrument_id=paper_id,
        source=f"{kept}.gpkg",
        sha256=kept.name,
        valid_on=BEGINNING,
        units=2,
        loaded_at=NOW,
        report={},
    )
    tx.session.add(delivery)
    tx.session.flush()
    return delivery.id


def _review(tx: Transaction, unit: UUID, paper_id: UUID, kept: Classification) -> UUID:
    """A name of a foreign list, to be decided."""
    review = NameReview(
        instrument_id=paper_id,
        source="名单",
        sha256=kept.name,
        row=1,
        name="某村",
        record={"name": "某村", "class": "22200"},
        candidates=[],
        score=0.0,
        division_id=unit,
        on_date=BEGINNING,
        state="pending",
        opened_at=NOW,
    )
    tx.session.add(review)
    tx.session.flush()
    return review.id


def _account(tx: Transaction, within: UUID, kept: Classification, paper_id: UUID) -> str:
    """Somebody of the city, cleared so far, with an entry of his in the journal about the paper."""
    name = f"clerk-{kept.name}"
    account = open_account(tx, NewAccount(name, name, "南通市民政局", within, kept))
    tx.journal("trial", f"{kept}数据集", instrument_id=paper_id)
    tx.entries[-1] |= {"account_id": account.id, "actor": name}
    return name
