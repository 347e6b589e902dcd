"""Proving the journal against checkpoints, and signing a new one over what has just been proved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.files import beside
from gis_service.foundation.journal.checkpoints import (
    Checkpoint,
    Witness,
    contradictions,
    credible,
    file_name,
    hashes_of,
    hear,
    sign,
    strangers,
)
from gis_service.foundation.journal.keys import signing_key
from gis_service.foundation.journal.proof import Proof, Watch, prove, snapshot


@dataclass(frozen=True, slots=True)
class Verified:
    """A proof of the journal, the checkpoints it was compared with, and what speaks against it besides."""

    proof: Proof
    witnesses: tuple[Witness, ...]
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against the journal."""
        return self.proof.holds and not self.problems


def verify(
    sessions: sessionmaker[Session], kept: Path, given: Sequence[Path] = (), watch: Watch | None = None
) -> Verified:
    """Prove the journal, its head, and its agreement with the kept and the given checkpoints."""
    witnesses = hear([*sorted(kept.glob("*.json")), *given])
    checkpoints = credible(witnesses)
    with snapshot(sessions) as session:
        proof = prove(session, hashes_of(checkpoints), watch)
    foreign = strangers(checkpoints, proof.journal_id)
    problems = [f"{each.file.name}：{each.problem}" for each in witnesses if each.problem]
    problems += [foreign.message] if foreign else list(contradictions(checkpoints))
    return Verified(proof, tuple(witnesses), tuple(problems))


def make_checkpoint(
    sessions: sessionmaker[Session], kept: Path, key_file: Path, *, at: datetime, watch: Watch | None = None
) -> tuple[Checkpoint, Path]:
    """Sign the end of a journal that proves, and keep the checkpoint; returns it and where it is.

    Raises:
        Conflict: the journal does not hold; what is broken is never signed.
    """
    verified = verify(sessions, kept, watch=watch)
    proof = verified.proof
    if not verified.holds or proof.journal_id is None:
        found = proof.first_break.message if proof.first_break else verified.problems[0]
        raise Conflict(
            f"登记日志不成立，不予签发检查点：{found}", way_out="请运行 gis-service journal verify 查明"
        )
    checkpoint = sign(
        signing_key(key_file), journal_id=proof.journal_id, position=proof.position, hash_=proof.hash, at=at
    )
    place = kept / file_name(checkpoint)
    write_new(place, checkpoint.as_text())
    return checkpoint, place


def write_new(path: Path, text: str) -> None:
    """Write a file so that nobody ever reads half of it; what is there already is not overwritten.

    Raises:
        InvalidInput: the file exists.
    """
    with writing_new(path) as fresh:
        fresh.write_text(text, encoding="utf-8")


@contextmanager
def writing_new(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place when all went well, and goes when it did not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with beside(path) as fresh:
        try:
            yield fresh
            path.hardlink_to(fresh)
        except FileExistsError as error:
            raise InvalidInput(f"文件 {path} 已存在", way_out="请换一个文件名") from error
