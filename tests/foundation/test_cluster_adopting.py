"""A copy of a cluster is taken over with what is its own, and with nothing that lies elsewhere."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from gis_service.foundation.cluster import ClusterState, cluster_status, temporary_home
from gis_service.foundation.cluster.adopting import adopt_cluster
from gis_service.foundation.cluster.binaries import choose
from gis_service.foundation.cluster.machine import Machine
from gis_service.foundation.errors import Conflict


def packed(folder: Path, name: str, **traits: object) -> Path:
    """A copy that holds one member, with content where it is a file."""
    copy = folder / "base.tar.gz"
    member = tarfile.TarInfo(name)
    for trait, value in traits.items():
        setattr(member, trait, value)
    content = b"planted"
    member.size = len(content) if member.isreg() else 0
    with tarfile.open(copy, "w:gz") as tar:
        tar.addfile(member, io.BytesIO(content))
    return copy


@pytest.mark.parametrize(
    ("name", "traits"),
    [
        ("../../planted", {}),
        ("/tmp/gis-planted", {}),
        ("base/link", {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}),
        ("base/hard", {"type": tarfile.LNKTYPE, "linkname": "../planted"}),
        ("base/device", {"type": tarfile.CHRTYPE}),
    ],
)
def test_a_copy_that_reaches_out_of_itself_is_refused(
    tmp_path: Path, name: str, traits: dict[str, object]
) -> None:
    copy, major = packed(tmp_path, name, **traits), choose(Machine()).major
    with temporary_home() as home:
        with pytest.raises(Conflict, match="不是数据库自己的文件"):
            adopt_cluster(home, copy, major=major)
        assert cluster_status(home).state is ClusterState.absent
        assert not [path for path in home.rglob("*") if "planted" in path.name or path.is_symlink()]
