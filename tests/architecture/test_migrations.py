"""Migrations, models and the database agree, there and back."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from geoalchemy2 import WKTElement, alembic_helpers
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.orm import sessionmaker

from gis_service.foundation.access import Classification, Role
from gis_service.foundation.database import open_engine
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.procedures.accounts.models import Password, RecoveryCode, SecondFactor, Token
from gis_service.procedures.changes.models import (
    CaseState,
    ChangeCase,
    Consultation,
    Endorsement,
    Evaluation,
    Filing,
    FollowUp,
    Material,
    Party,
    StandardVerdict,
    Step,
)
from gis_service.procedures.corrections.models import NameSuggestion
from gis_service.procedures.disputes.models import DisputeCase, DisputeStep
from gis_service.procedures.intake.models import LoadedDelivery, NameReview
from gis_service.procedures.resurveys.models import Resurvey
from gis_service.procedures.settlements.models import Settlement, SettlementEntry
from gis_service.publications.maps.models import Edition, EditionFile, Sheet
from gis_service.registers.archives.models import (
    ArchiveAppraisal,
    ArchiveCorrection,
    ArchiveFile,
    ArchiveImage,
    ArchiveItem,
    ArchiveSubject,
    Georeference,
    TracedVector,
)
from gis_service.registers.authorities.commands import NewAccount, appoint, open_account
from gis_service.registers.boundaries.models import (
    BoundaryLine,
    ClaimedLine,
    CrossLineUse,
    Edge,
    EdgeDescent,
    EdgeSurvey,
    Indicator,
    LineRecord,
)
from gis_service.registers.divisions.commands import Descent, Seat, link, record_seat
from gis_service.registers.divisions.models import (
    LineageKind,
    SeatAspect,
    SupersededLink,
    SupersededVersion,
)
from gis_service.registers.instruments.models import InstrumentFile
from gis_service.registers.markers.commands import Consent, Position, relocate_markers
from gis_service.registers.markers.models import (
    BearingObject,
    BoundaryPoint,
    Marker,
    MarkerFile,
    MarkerLine,
    MarkerObservation,
    MarkerPaper,
    MarkerPosition,
    MarkerSide,
    MarkerVersion,
    TriPoint,
)
from gis_service.registers.placenames.commands.seeking import index_names
from gis_service.registers.placenames.events import FeaturesChanged
from gis_service.registers.placenames.models import (
    Feature,
    FeatureRelation,
    FeatureShape,
    FeatureVersion,
    NameEvent,
    PlaceName,
)
from gis_service.schema import MODEL_MODULES, metadata, newest_revision, upgrade
from tests.architecture.tree import PACKAGE, ROOT, complain, slices
from tests.support.factories import BEGINNING, NOW, REGISTRAR, an_act, drawn
from tests.support.journal import proof_of, write
from tests.support.peace import keep_peace

MIGRATIONS = ROOT / "migrations"

# What a schema is, as PostgreSQL itself tells it. Extensions' own objects are left out.
CATALOGUE = {
    "extensions": "SELECT extname FROM pg_extension",
    "tables": """
        SELECT relname, relkind, relpersistence FROM pg_class c
        WHERE {own} AND relkind IN ('r', 'v', 'm', 'S', 'p')""",
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
            a.attgenerated, pg_get_expr(d.adbin, d.adrelid), l.collname
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        LEFT JOIN pg_collation l ON l.oid = a.attcollation
        WHERE {own} AND c.relkind IN ('r', 'v', 'm', 'p') AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraints": """
        SELECT c.relname, k.conname, k.contype, pg_get_constraintdef(k.oid), k.condeferrable, k.convalidated
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE {own}""",
    "indexes": """
        SELECT c.relname, pg_get_indexdef(i.indexrelid), i.indisunique, i.indisvalid
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE {own}""",
    "triggers": """
        SELECT c.relname, pg_get_triggerdef(t.oid), t.tgenabled
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE {own} AND NOT t.tgisinternal""",
    "functions": """
        SELECT p.proname, pg_get_function_identity_arguments(p.oid), l.lanname, p.prosecdef,
            array_to_string(p.proconfig, ','),
            regexp_replace(btrim(p.prosrc), '\\s+', ' ', 'g')
        FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
        WHERE p.pronamespace = 'public'::regnamespace AND NOT EXISTS (
            SELECT FROM pg_depend e WHERE e.objid = p.oid AND e.deptype = 'e')""",
}
OWN = """c.relnamespace = 'public'::regnamespace AND c.relname <> 'alembic_version' AND NOT EXISTS (
    SELECT FROM pg_depend e WHERE e.objid = c.oid AND e.classid = 'pg_class'::regclass AND e.deptype = 'e')"""


def catalogue(engine: Engine) -> set[tuple[object, ...]]:
    """Everything the catalogue says about the schema; columns without their order, which means nothing."""
    with engine.connect() as connection:
        return {
            (what, *row)
            for what, question in CATALOGUE.items()
            for row in connection.execute(text(question.replace("{own}", OWN)))
        }


def empty(engine: Engine) -> None:
    """Take the whole schema away, so that only the extensions are left."""
    with migrating(engine) as config:
        command.downgrade(config, "base")
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))


@contextmanager
def migrating(engine: Engine) -> Iterator[Config]:
    """An Alembic configuration on an open transaction."""
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        yield config


@pytest.fixture
def two_engines(make_database: Callable[[], str]) -> Iterator[tuple[Engine, Engine]]:
    """One database built by the migrations, one from the models."""
    migrated, modelled = open_engine(make_database()), open_engine(make_database())
    empty(modelled)
    metadata.create_all(modelled)
    yield migrated, modelled
    migrated.dispose()
    modelled.dispose()


def test_migrations_and_models_build_the_same_schema(two_engines: tuple[Engine, Engine]) -> None:
    migrated, modelled = map(catalogue, two_engines)
    assert len(migrated) > 100
    only_migrated = [f"only in migrations: {row}" for row in sorted(map(str, migrated - modelled))]
    only_modelled = [f"only in models: {row}" for row in sorted(map(str, modelled - migrated))]
    assert migrated == modelled, complain(only_migrated + only_modelled)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE division_version DROP CONSTRAINT ex_division_version_code",
        "ALTER TABLE division_version DROP CONSTRAINT ck_division_version_has_a_beginning",
        "ALTER TABLE division_version ALTER COLUMN seat SET NOT NULL",
        "ALTER TABLE division_version ALTER COLUMN seat TYPE varchar(9)",
        "DROP INDEX ix_division_version_superior_id",
        "DROP TRIGGER journal_entry_append_only ON journal_entry",
        "CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RETURN NULL; END $$",
        "CREATE TABLE stray (id int)",
    ],
)
def test_the_comparison_sees_every_kind_of_drift(fresh_engine: Engine, statement: str) -> None:
    before = catalogue(fresh_engine)
    with fresh_engine.begin() as connection:
        connection.execute(text(statement))
    assert catalogue(fresh_engine) != before


def test_autogenerate_finds_nothing_to_do(fresh_engine: Engine) -> None:
    with migrating(fresh_engine) as config:
        command.check(config)


def test_autogenerate_looks_at_our_tables(fresh_engine: Engine) -> None:
    """Lest the check above be content because everything is left out."""
    with fresh_engine.begin() as connection:
        connection.execute(text("ALTER TABLE lineage DROP COLUMN certainty"))
        context = MigrationContext.configure(
            connection, opts={"include_object": alembic_helpers.include_object}
        )
        found = compare_metadata(context, metadata)
    assert ("add_column", "certainty") in [(change[0], getattr(change[3], "name", "")) for change in found]


def test_an_empty_database_goes_down_and_up_again(fresh_engine: Engine) -> None:
    before = catalogue(fresh_engine)
    with migrating(fresh_engine) as config:
        command.downgrade(config, "base")
    assert {row[0] for row in catalogue(fresh_engine)} == {"extensions"}
    assert upgrade(fresh_engine)
    assert catalogue(fresh_engine) == before


def test_a_filled_database_goes_down_and_up_again(fresh_engine: Engine) -> None:
    fill(fresh_engine)
    with fresh_engine.connect() as connection:
        unfilled = [table for table in metadata.tables if not _rows(connection, table)]
    assert not unfilled
    before = catalogue(fresh_engine)
    with migrating(fresh_engine) as config:
        command.downgrade(config, "base")
    assert upgrade(fresh_engine)
    assert catalogue(fresh_engine) == before


def test_entries_written_before_the_chain_are_chained_in_their_order(fresh_engine: Engine) -> None:
    with migrating(fresh_engine) as config:
        command.downgrade(config, "09079dea74be")
    columns = "(id, at, actor, authority, command, subject, detail) OVERRIDING SYSTEM VALUE"
    with fresh_engine.begin() as connection:
        for number in (7, 3, 12):
            values = f"({number}, '2020-06-05', '登记员', '测试机关', 'trial', '{number}', '{{}}')"
            connection.execute(text(f"INSERT INTO journal_entry {columns} VALUES {values}"))
    assert upgrade(fresh_engine)
    write(fresh_engine, "新")
    with fresh_engine.connect() as connection:
        rows = connection.execute(text("SELECT position, subject FROM journal_entry ORDER BY position"))
        assert [tuple(row) for row in rows] == [(1, "3"), (2, "7"), (3, "12"), (4, "新")]
    assert proof_of(fresh_engine).holds


def _rows(connection: Connection, table: str) -> int:
    return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def superseded(
    model: type[SupersededVersion] | type[SupersededLink], units: Mapping[str, UUID], act: UUID
) -> SupersededVersion | SupersededLink:
    """Something that was published and holds no more."""
    if model is SupersededVersion:
        return SupersededVersion(
            division_id=units["A"],
            code="320103",
            name="甲区",
            level="county",
            valid=Period(BEGINNING),
            begun_by=act,
            superseded_at=NOW,
            superseded_by=act,
        )
    return SupersededLink(
        predecessor_id=units["A"],
        successor_id=units["B"],
        on_date=BEGINNING,
        kind="合并",
        certainty="确定",
        instrument_id=act,
        superseded_at=NOW,
        superseded_by=act,
    )


def fill(engine: Engine) -> None:
    """At least one row in every table."""
    with transaction(sessionmaker(engine), actor=REGISTRAR, at=NOW) as tx:
        units = drawn(tx, "AB", {"A": ("320102", "甲区"), "B": ("320104", "乙区")})
        act = an_act(tx)
        descent = Descent(units["A"], units["B"], LineageKind.transfer, 0.5, None)
        link(tx, [descent], on=BEGINNING, instrument_id=act)
        add = tx.session.add
        for model in (SupersededVersion, SupersededLink):
            add(superseded(model, units, act))
        add(
            InstrumentFile(
                sha256="00", instrument_id=act, name="批复.pdf", media_type="application/pdf", size_bytes=1
            )
        )
        add(
            LoadedDelivery(
                instrument_id=act,
                source="测试",
                sha256="00",
                valid_on=BEGINNING,
                units=2,
                loaded_at=NOW,
                report={},
            )
        )
        fill_names(tx, act, units["A"])
        tx.session.add(a_review(act, units["A"]))
        fill_sought(tx, act)
        case = ChangeCase(
            number="BG-2020-00001",
            title="某变更",
            state=CaseState.draft.value,
            revision=1,
            proposal={},
            digest="00",
            effective_on=BEGINNING,
            drafted_at=NOW,
        )
        sheet = Sheet(type="division", subject=units["A"], title="某图")
        tx.session.add_all([case, sheet])
        new = NewAccount("wang", "王登记", "某市民政局", units["320100"])
        account = open_account(tx, new)
        appoint(tx, account, Role.registrar, units["320100"], on=BEGINNING)
        tx.session.flush()
        add(Password(account_id=account.id, hash="00", changed_at=NOW))
        add(SecondFactor(account_id=account.id, pending=b"0"))
        add(RecoveryCode(account_id=account.id, digest="00"))
        add(
            Token(
                kind="access",
                digest="00",
                account_id=account.id,
                family=account.id,
                made_at=NOW,
                expires_at=NOW,
                ends_at=NOW,
            )
        )
        add(Party(case_id=case.id, division_id=units["A"]))
        add(
            Endorsement(
                case_id=case.id,
                division_id=units["A"],
                actor="王登记",
                authority="某市民政局",
                endorsed_at=NOW,
            )
        )
        add(
            Material(
                case_id=case.id, kind="申请书", name="申请书.pdf", sha256="00", size_bytes=1, added_at=NOW
            )
        )
        add(FollowUp(case_id=case.id, duty="survey", title="勘界", legal_basis="区划条例"))
        fill_conduct(tx, case)
        fill_survey(tx, units, act)
        fill_settlement(tx, units, act)
        fill_dispute(tx, units, act)
        line = tx.session.scalars(select(BoundaryLine.id)).one()
        keep_peace(tx, line, (units["A"], units["B"]), act, Classification.internal)
        seat = Seat(units["A"], SeatAspect.actual, "某路1号", (119.0, 32.0), None, BEGINNING, "踏勘")
        record_seat(tx, seat)
        edition = Edition(
            sheet_id=sheet.id,
            number=1,
            valid_on=BEGINNING,
            fingerprint="00",
            denominator=50_000,
            drawn_at=NOW,
        )
        add(edition)
        tx.session.flush()
        add(EditionFile(edition_id=edition.id, format="pdf", path="1.pdf", sha256="00"))


def test_papers_of_earlier_moves_are_taken_from_the_journal(fresh_engine: Engine) -> None:
    fill(fresh_engine)
    with transaction(sessionmaker(fresh_engine), actor=REGISTRAR, at=NOW) as tx:
        marker = tx.session.scalars(select(Marker.id)).one()
        line = tx.session.scalars(select(BoundaryLine)).one()
        papers = [an_act(tx, number) for number in ("协议", "测量", "备案")]
        consent = Consent(papers[0], frozenset({line.first_id, line.second_id}), *papers[1:])
        place = Position((119.01, 31.996), "CGCS2000")
        relocate_markers(tx, [(marker, place)], on=date(2021, 1, 1), consent=consent)
    told = text("SELECT role, instrument_id, signed_by FROM marker_paper WHERE done_on > :on ORDER BY role")
    with fresh_engine.connect() as connection:
        before = connection.execute(told, {"on": BEGINNING}).all()
    with migrating(fresh_engine) as config:
        command.downgrade(config, "c4f8a1d27e60")
    upgrade(fresh_engine)
    with fresh_engine.connect() as connection:
        after = connection.execute(told, {"on": BEGINNING}).all()
    assert [(row.role, row.instrument_id, set(row.signed_by)) for row in after] == [
        (row.role, row.instrument_id, set(row.signed_by)) for row in before
    ]
    assert len(after) == 3


def fill_settlement(tx: Transaction, units: Mapping[str, UUID], act: UUID) -> None:
    """A line to be settled after a change, and a task that is done."""
    [line] = tx.session.scalars(select(BoundaryLine))
    settlement = Settlement(
        number="KJ-2020-00001",
        line_id=line.id,
        line_code=line.code,
        line_name=line.name,
        level=line.level,
        first_id=units["A"],
        second_id=units["B"],
        follows="ended",
        new_km=0.0,
        inherited_km=0.0,
        left_km=1.0,
        effective_on=BEGINNING,
        instrument_id=act,
        tasks=["archive"],
        due_on=BEGINNING,
        state="open",
        opened_at=NOW,
    )
    tx.session.add(settlement)
    tx.session.flush()
    tx.session.add(a_resurvey(line, act))
    who = {"actor": "某人", "authority": "某局", "recorded_at": NOW, "note": ""}
    tx.session.add(SettlementEntry(settlement_id=settlement.id, task="archive", state="完成", **who))


def a_resurvey(line: BoundaryLine, act: UUID) -> Resurvey:
    """A stretch of the line that is to be surveyed anew."""
    return Resurvey(
        number="XC-2020-00001",
        line_id=line.id,
        line_code=line.code,
        line_name=line.name,
        level=line.level,
        first_id=line.first_id,
        second_id=line.second_id,
        cause="watercourse",
        object_name="某河",
        note="",
        instrument_id=act,
        found_on=BEGINNING,
        state="open",
        opened_at=NOW,
    )


def fill_dispute(tx: Transaction, units: Mapping[str, UUID], act: UUID) -> None:
    """A case on the line, with a step."""
    line = tx.session.scalars(select(BoundaryLine)).one()
    of_ground = {"line_id": line.id, "first_id": units["A"], "second_id": units["B"]}
    words = dict.fromkeys(("place", "cause", "found_by", "found_how", "measures"), "某")
    case = DisputeCase(
        number="YH-2020-00001",
        kind="隐患",
        parties=[],
        level="一般",
        found_on=BEGINNING,
        due_on=BEGINNING,
        responsible_id=units["A"],
        state="registered",
        **of_ground,
        **words,
    )
    tx.session.add(case)
    tx.session.flush()
    step = {"kind": "登记", "state": "registered", "words": "某", "attendants": []}
    done = {"taken_on": BEGINNING, "actor": "某", "authority": "某局", "recorded_at": NOW}
    tx.session.add(DisputeStep(case_id=case.id, ordinal=1, instrument_id=act, **step, **done))


def fill_survey(tx: Transaction, units: Mapping[str, UUID], act: UUID) -> None:
    """A row in every table that tells what was surveyed of lines and markers."""
    line, edge = tx.session.scalars(select(BoundaryLine)).one(), tx.session.scalars(select(Edge)).first()
    assert edge is not None
    marker = Marker(id=uuid4(), number="0204001Q", line_id=line.id, is_synthetic=True, registered_by=act)
    tx.session.add(marker)
    tx.session.flush()
    dated = {"valid": Period(BEGINNING), "begun_by": act}
    of_line, of_marker = {"line_id": line.id, **dated}, {"marker_id": marker.id, **dated}
    here = WKTElement("POINT(119.01 31.995)", srid=4490)
    there = WKTElement("MULTILINESTRING((119.01 32, 119.01 31.99))", srid=4490)
    sides = dict(
        zip(("first_id", "second_id", "third_id"), (units["A"], units["B"], units["A"]), strict=True)
    )
    tx.session.add_all(
        [
            LineRecord(**of_line),
            EdgeSurvey(edge_id=edge.id, legal_state="已定界", **dated),
            EdgeDescent(edge_id=edge.id, cut_from_id=edge.id, instrument_id=act),
            ClaimedLine(claimant_id=units["A"], section="东段", geom=there, **of_line),
            Indicator(object_id=uuid4(), kind="道路", name="某路", geom=there, **of_line),
            CrossLineUse(kind="飞地", user_id=units["A"], host_id=units["B"], place="某村", **dated),
            MarkerVersion(placement="单立", **of_marker),
            MarkerLine(line_id=line.id, **of_marker),
            MarkerSide(division_id=units["A"], location="某镇某村", **of_marker),
            MarkerPosition(geom=here, system="CGCS2000", **of_marker),
            BearingObject(ordinal=1, name="水塔", azimuth_deg=12.5, distance_m=80.0, **of_marker),
            MarkerObservation(
                marker_id=marker.id,
                seen_on=BEGINNING,
                state="完好",
                observer="某局",
                instrument_id=act,
                recorded_at=NOW,
            ),
            MarkerPaper(
                marker_id=marker.id, done_on=BEGINNING, action="移位", role="协议", instrument_id=act
            ),
            MarkerFile(
                marker_id=marker.id,
                sha256="00",
                kind="照片",
                name="东面.jpg",
                media_type="image/jpeg",
                size_bytes=1,
                instrument_id=act,
            ),
            BoundaryPoint(number="1", geom=here, system="CGCS2000", **of_line),
            TriPoint(name="某三交点", geom=here, **sides, **dated),
        ]
    )
    fill_archives(tx, line.id, act)


def fill_archives(tx: Transaction, line: UUID, act: UUID) -> None:
    """A row in every table of the archives."""
    words = dict.fromkeys(("title", "kind", "fonds", "retention", "issuer", "medium"), "某")
    item = ArchiveItem(
        id=uuid4(), number="1-1", dated_on=BEGINNING, instrument_id=act, recorded_at=NOW, **words
    )
    tx.session.add(item)
    tx.session.flush()
    own = {"item_id": item.id, "instrument_id": act}
    area = WKTElement("POLYGON((119 32, 119.01 32, 119.01 31.99, 119 32))", srid=4490)
    file = {"name": "图.tif", "media_type": "image/tiff", "size_bytes": 1, "told": {}, "recorded_at": NOW}
    fitted = {"made_on": BEGINNING, "method": "仿射", "control": {}, "fit": {}, "rms_m": 1.0, "worst_m": 1.0}
    tx.session.add_all(
        [
            ArchiveSubject(line_id=line, **own),
            ArchiveFile(sha256="00", **file, **own),
            Georeference(sha256="00", made_sha256="01", recorded_at=NOW, **fitted, **own),
            ArchiveImage(sha256="00", resolution_m=1.0, crs="EPSG:4490", geom=area, **own),
            TracedVector(kind="界线", geom=area, **own),
            ArchiveCorrection(published={}, corrected={}, reason="误植", recorded_at=NOW, **own),
            ArchiveAppraisal(appraised_on=BEGINNING, conclusion="继续保存", recorded_at=NOW, **own),
        ]
    )


def fill_conduct(tx: Transaction, case: ChangeCase) -> None:
    """A row in every table that tells how a case was conducted."""
    known = {"case_id": case.id, "recorded_at": NOW}
    tx.session.add_all(
        [
            Step(
                ordinal=1,
                kind="expert_argument",
                begun_on=BEGINNING,
                organiser="某局",
                result="同意",
                summary="",
                documents=["00"],
                **known,
            ),
            Consultation(department="finance", asked_on=BEGINNING, **known),
            StandardVerdict(
                ordinal=1,
                standard="镇",
                unit="某镇",
                judged_for=BEGINNING,
                verdict="缺数据",
                figures=[],
                told={},
                **known,
            ),
            Evaluation(
                round=1,
                side="自评",
                evaluated_on=BEGINNING,
                evaluator="某局",
                indicator_set="general-2020",
                figures=[],
                scores=[],
                grade="缺数据",
                summary="",
                **known,
            ),
            Filing(matter="批准备案", number="1", filed_on=BEGINNING, filed_with="民政部", **known),
        ]
    )


def a_review(act: UUID, unit: UUID) -> NameReview:
    """A name of a foreign list, rejected."""
    return NameReview(
        instrument_id=act,
        source="名单.csv",
        sha256="0" * 64,
        row=2,
        name="某村",
        record={"name": "某村"},
        candidates=[],
        score=0.0,
        division_id=unit,
        on_date=BEGINNING,
        state="rejected",
        reason="重复",
        decided_by="某人",
        decided_at=NOW,
        opened_at=NOW,
    )


def fill_names(tx: Transaction, act: UUID, unit: UUID) -> None:
    """Two features, one called after the other."""
    since = {"valid": Period(BEGINNING), "begun_by": act}
    village, school = features = [Feature(id=uuid4(), registered_by=act) for _ in range(2)]
    name = PlaceName(
        id=uuid4(),
        kind="标准名称",
        text="某村",
        process="普查登记",
        status="现行",
        feature_id=village.id,
        **since,
    )
    tx.session.add_all(features)
    tx.session.flush()
    tx.session.add_all(
        [
            name,
            FeatureVersion(feature_id=village.id, class_code="22200", division_ids=[unit], **since),
            FeatureShape(
                feature_id=village.id,
                role="点",
                geom=WKTElement("POINT (119.01 31.996)", srid=4490),
                system="CGCS2000",
                **since,
            ),
            FeatureRelation(feature_id=school.id, other_id=village.id, kind="派生", **since),
        ]
    )
    tx.session.flush()
    tx.session.add(
        NameEvent(feature_id=village.id, name_id=name.id, kind="登记", on_date=BEGINNING, instrument_id=act)
    )
    tx.session.add(a_suggestion(village.id, unit))


def a_suggestion(feature: UUID, unit: UUID) -> NameSuggestion:
    """That the village is gone."""
    return NameSuggestion(
        number="JY-2026-00001",
        kind="gone",
        feature_id=feature,
        feature_name="某村",
        division_id=unit,
        proposed={},
        asked_at=NOW,
        state="open",
        **dict.fromkeys(("text", "evidence", "contact"), "某"),
    )


def fill_sought(tx: Transaction, act: UUID) -> None:
    """What is kept of every name for search."""
    features = tuple(tx.session.scalars(select(Feature.id)))
    index_names(tx, FeaturesChanged(features, act))


def test_bringing_a_current_database_up_to_date_does_nothing(fresh_engine: Engine) -> None:
    assert not upgrade(fresh_engine)
    with fresh_engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == newest_revision()


def test_every_module_of_models_is_known_to_the_migrations() -> None:
    files = [PACKAGE / "foundation" / "journal" / "models.py", PACKAGE / "foundation" / "register_states.py"]
    files += [
        path
        for folder in slices()
        for path in (folder / "models.py", *folder.glob("models/*.py"))
        if path.exists()
    ]
    assert {Path(str(module.__file__)) for module in MODEL_MODULES} == set(files)


def test_no_table_is_declared_outside_the_modules_of_models() -> None:
    known = {module.__name__ for module in MODEL_MODULES}
    mappers = importlib.import_module("gis_service.foundation.database").Base.registry.mappers
    assert {mapper.class_.__module__ for mapper in mappers} == known


def test_migrations_are_named_by_date_and_stand_in_one_row() -> None:
    names = [path.name for path in sorted((MIGRATIONS / "versions").glob("*.py"))]
    assert all(re.fullmatch(r"20\d{6}_\d{4}_[a-z0-9_]+\.py", name) for name in names)
    with_parents = list(ScriptDirectory(str(MIGRATIONS)).walk_revisions())
    assert [Path(script.path).name for script in reversed(with_parents)] == names


def test_migrations_import_nothing_that_may_change() -> None:
    for path in (MIGRATIONS / "versions").glob("*.py"):
        assert "gis_service" not in re.sub(
            r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
