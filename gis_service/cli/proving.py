"""Whether a restored installation is what was backed up: each check with its verdict and its reasons."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, table
from sqlalchemy.orm import Session, sessionmaker

from gis_service.cli.progress import counted
from gis_service.foundation.backup import Form, Wanted
from gis_service.foundation.backup.manifest import sha256_of
from gis_service.foundation.database import open_engine, session_factory
from gis_service.foundation.files import FileStore
from gis_service.foundation.findings import Finding
from gis_service.foundation.journal import JournalEntry
from gis_service.foundation.journal.witnesses import verify
from gis_service.foundation.settings import Settings
from gis_service.procedures.changes.models import Material
from gis_service.publications.maps.models import EditionFile
from gis_service.registers.boundaries.queries.days import days_of_change
from gis_service.registers.boundaries.queries.proofs import prove_days, prove_timeless
from gis_service.registers.placenames.queries.proofs import prove_names, wanting_names
from gis_service.schema import newest_revision, upgrade

Find = Callable[[Path, str], Path | None]
MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    title: str
    told: str
    problems: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class Proved:
    """All checks of one restored installation."""

    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether all hold."""
        return all(check.holds for check in self.checks)

    @property
    def problems(self) -> list[str]:
        """What is wrong, the first of each check."""
        return [problem for check in self.checks for problem in check.problems[:MOST_TOLD]]

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "checks": {
                check.name: {"ok": check.holds, "told": check.told, "problems": check.problems}
                for check in self.checks
            }
        }


def find_missing(donors: Sequence[Path]) -> Find:
    """Where else a kept file may be: in newer backups, in the home that was lost, by path and by content."""

    def find(path: Path, digest: str) -> Path | None:
        found = (donor / path for donor in reversed(donors))
        return next((file for file in found if file.is_file() and sha256_of(file) == digest), None)

    return find


def prove_restored(
    url: str, settings: Settings, wanted: Wanted, find: Find, now: Callable[[str], None]
) -> Proved:
    """Bring the restored database up to date, and look at everything that can be proved of it."""
    engine = open_engine(url)
    try:
        sessions = session_factory(engine)
        rows = _rows(sessions, wanted)  # before the upgrade, which may move some
        now("结构版本")
        checks = [rows, _schema(upgrade(engine), wanted)]
        now("登记日志")
        checks.append(_journal(sessions, settings, wanted))
        now("登记簿")
        checks.append(_registers(sessions))
        now("文件")
        checks.append(_files(sessions, settings, find))
    finally:
        engine.dispose()
    return Proved(tuple(checks))


def _rows(sessions: sessionmaker[Session], wanted: Wanted) -> Check:
    """What was exported is exactly what was counted; files of a running cluster are a little later."""
    told = wanted.manifest.facts.rows
    with sessions() as session:
        found = {
            name: session.scalar(select(func.count()).select_from(table(name))) or 0 for name in sorted(told)
        }
    exact = wanted.manifest.form is Form.logical
    wrong = [
        f"表 {name} 有 {found[name]} 行，备份时有 {count} 行"
        for name, count in told.items()
        if exact and found[name] != count
    ]
    return Check("rows", "行数", f"{len(told)} 张表，共 {sum(found.values())} 行", tuple(wrong))


def _schema(upgraded: bool, wanted: Wanted) -> Check:
    before, after = wanted.manifest.facts.schema_revision, newest_revision()
    return Check("schema", "结构版本", f"{before} → {after}" if upgraded else str(after))


def _journal(sessions: sessionmaker[Session], settings: Settings, wanted: Wanted) -> Check:
    verified = verify(sessions, settings.checkpoints_dir)
    problems = list(verified.problems)
    if verified.proof.first_break is not None:
        problems.append(verified.proof.first_break.message)
    end = wanted.manifest.facts.journal
    with sessions() as session:
        found = session.scalar(select(JournalEntry.hash).where(JournalEntry.position == end.position))
    if verified.proof.journal_id != end.journal_id or (end.position and found != end.hash):
        problems.append(f"日志第 {end.position} 条不是备份时的那一条")
    told = f"{verified.proof.position} 条，检查点 {len(verified.witnesses)} 个；备份时至第 {end.position} 条"
    return Check("journal", "登记日志", told, tuple(problems))


def prove_registers(session: Session, days: Sequence[date]) -> list[Finding]:
    """Every invariant of the registers on these days, and those that know no day, with progress."""
    findings = [*prove_timeless(session), *prove_names(session)]
    for _, found in counted("核查", prove_days(session, days), len(days)):
        findings += found
    return findings


def _registers(sessions: sessionmaker[Session]) -> Check:
    with sessions() as session:
        days = days_of_change(session)
        findings = prove_registers(session, days)
        told = [f"{len(days)} 个日期", *(finding.message for finding in wanting_names(session))]
    return Check("registers", "登记簿", "；".join(told), tuple(finding.message for finding in findings))


def _files(sessions: sessionmaker[Session], settings: Settings, find: Find) -> Check:
    with sessions() as session:
        named = sorted(set(_named(session, settings)))
    wrong = [
        str(path.relative_to(settings.home))
        for path, digest in named
        if not _is_there(path, digest, settings.home, find)
    ]
    return Check("files", "文件", f"{len(named)} 个", tuple(f"{path}：缺失或内容不符" for path in wrong))


def _named(session: Session, settings: Settings) -> Iterator[tuple[Path, str]]:
    """Every file that a record names, and its checksum."""
    store = FileStore(settings.files_dir)
    for digest in session.scalars(select(Material.sha256)):
        yield store.path_of(digest), digest
    for file in session.scalars(select(EditionFile)):
        yield settings.editions_dir / file.path, file.sha256


def _is_there(path: Path, digest: str, home: Path, find: Find) -> bool:
    """Whether the file is whole; taken from elsewhere where it is not."""
    if path.is_file() and sha256_of(path) == digest:
        return True
    found = find(path.relative_to(home), digest)
    if found is None:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(found, path)
    return True
