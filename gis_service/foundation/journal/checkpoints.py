"""Signed checkpoints: what the journal's last entry was at a moment. Kept elsewhere, they prove all before.

No database here: a checkpoint and an export are checked on any machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from gis_service.foundation.journal.chain import Breach, Break, Chain, Link, cut_off, hash_of

Hex = Annotated[str, Field(pattern="^[0-9a-f]+$")]


class Checkpoint(BaseModel):
    """The end of a journal at a moment, signed over everything but the signature."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["gis-service journal checkpoint 1"] = "gis-service journal checkpoint 1"
    journal_id: UUID
    position: int = Field(ge=0)
    hash: Hex = Field(min_length=64, max_length=64)
    at: AwareDatetime
    public_key: Hex = Field(min_length=64, max_length=64)
    signature: Hex = Field(default="", min_length=128, max_length=128)

    @property
    def signed(self) -> bytes:
        """The bytes the signature is over."""
        told = self.model_dump(mode="json", exclude={"signature"})
        return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()

    @property
    def is_genuine(self) -> bool:
        """Whether whoever holds the named key has signed just this."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public_key))
            key.verify(bytes.fromhex(self.signature), self.signed)
        except (InvalidSignature, ValueError):
            return False
        return True

    def as_text(self) -> str:
        """The content of its file."""
        return self.model_dump_json(indent=2) + "\n"


def sign(key: Ed25519PrivateKey, *, journal_id: UUID, position: int, hash_: str, at: datetime) -> Checkpoint:
    """A checkpoint of the journal's end, for those who have proved it up to there."""
    public = key.public_key().public_bytes_raw().hex()
    unsigned = Checkpoint(journal_id=journal_id, position=position, hash=hash_, at=at, public_key=public)
    return unsigned.model_copy(update={"signature": key.sign(unsigned.signed).hex()})


def file_name(checkpoint: Checkpoint) -> str:
    """What a kept checkpoint is called: by position, then by time."""
    return f"{checkpoint.position:012d}-{checkpoint.at:%Y%m%dT%H%M%S%fZ}.json"


@dataclass(frozen=True, slots=True)
class Witness:
    """A checkpoint file, and why it is no good as a witness where it is not."""

    file: Path
    checkpoint: Checkpoint | None
    problem: str | None = None


def hear(files: Iterable[Path], *, public_key: str | None = None) -> list[Witness]:
    """Read checkpoint files; each must be signed, with `public_key` where one is required."""
    return [_heard(file, public_key) for file in files]


def _heard(file: Path, public_key: str | None) -> Witness:
    try:
        checkpoint = Checkpoint.model_validate_json(file.read_bytes())
    except (ValidationError, OSError):
        return Witness(file, None, "读不出检查点")
    if not checkpoint.is_genuine:
        return Witness(file, checkpoint, "签名不符：系伪造，或签发后被改动")
    if public_key is not None and checkpoint.public_key != public_key:
        return Witness(file, checkpoint, "不是用指定的密钥签发")
    return Witness(file, checkpoint)


def credible(witnesses: Iterable[Witness]) -> list[Checkpoint]:
    """The checkpoints of witnesses nothing is wrong with, by position."""
    found = [each.checkpoint for each in witnesses if each.checkpoint and each.problem is None]
    return sorted(found, key=lambda checkpoint: (checkpoint.position, checkpoint.at))


def hashes_of(checkpoints: Iterable[Checkpoint]) -> dict[int, str]:
    """What the chain must agree with."""
    return {each.position: each.hash for each in checkpoints}


def contradictions(checkpoints: Sequence[Checkpoint]) -> Iterator[str]:
    """What cannot be true of checkpoints, ordered by position, of one journal that only ever grew."""
    for one, next_ in pairwise(checkpoints):
        if one.journal_id != next_.journal_id:
            yield f"第 {one.position} 条与第 {next_.position} 条的检查点不属于同一日志"
        elif one.position == next_.position and one.hash != next_.hash:
            yield f"第 {one.position} 条的两个检查点互相矛盾：其间日志被改写"
        elif one.position < next_.position and one.at > next_.at:
            yield f"第 {one.position} 条的检查点签发在第 {next_.position} 条之后：其间日志曾变短"


def strangers(checkpoints: Iterable[Checkpoint], journal_id: UUID | None) -> Break | None:
    """The first checkpoint of a journal other than this one."""
    for each in checkpoints:
        if each.journal_id != journal_id:
            message = f"第 {each.position} 条的检查点属于另一日志 {each.journal_id}，本日志是 {journal_id}"
            return Break(each.position, Breach.foreign, message)
    return None


@dataclass(frozen=True, slots=True)
class Checked:
    """How far an export holds, and how far checkpoints bear it out."""

    entries: int
    proved: int
    first_break: Break | None


def check_export(export: Iterable[bytes], checkpoints: Sequence[Checkpoint]) -> Checked:
    """Follow the lines of an export and compare them with checkpoints of one journal."""
    known = hashes_of(checkpoints)
    chain = Chain(hash_of(str(checkpoints[0].journal_id)), known)
    for raw in export:
        broken = _follow(chain, raw.removesuffix(b"\n"))
        if broken:
            return Checked(chain.position, _proved(chain, known), broken)
    broken = cut_off(chain.position, max(known)) if chain.position < max(known) else None
    return Checked(chain.position, _proved(chain, known), broken)


def _follow(chain: Chain, raw: bytes) -> Break | None:
    try:
        line = raw.decode()
        entry = json.loads(line)
        position, previous = entry["position"], entry["previous_hash"]
    except (ValueError, TypeError, KeyError):
        here = chain.position + 1
        return Break(here, Breach.altered, f"第 {here} 条不是登记日志的一行")
    found = hash_of(line)
    return chain.follow(Link(position, previous, found, found))


def _proved(chain: Chain, known: Mapping[int, str]) -> int:
    return max((position for position in known if position <= chain.position), default=0)
