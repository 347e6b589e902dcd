"""Deliveries are local files: nothing is fetched from an address, be it given or named in a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pyogrio
from pyproj.network import set_network_enabled  # type: ignore[attr-defined]

from gis_service.foundation.findings import Finding
from gis_service.procedures.intake.formats.reading import blocked

# What is read as an address: a scheme, a virtual file system of GDAL, a share of Windows.
_ADDRESS = re.compile(r"\s*(?:[a-z][a-z0-9+.-]+:|/+vsi|\\\\)", re.IGNORECASE)
# GDAL goes by the content, not by the suffix, and of these it opens whatever they name.
_REFERRING = re.compile(rb"<(OGR|VRT|GDAL_WMS)|gdal_streamed_alg")
_HEAD_BYTES = 65536

# All ways of GDAL to the network end at a proxy that is not there; no suffix is one it may fetch.
_OFFLINE: Mapping[str, str] = {
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "GDAL_HTTPS_PROXY": "127.0.0.1:9",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
}


def go_offline() -> None:
    """Keep GDAL and PROJ from the network for the life of this process."""
    pyogrio.set_gdal_config_options(dict(_OFFLINE))
    set_network_enabled(active=False)


def refuse_address(path: Path | str) -> list[Finding]:
    """Why it is not opened: it is an address and no local path."""
    if not _ADDRESS.match(str(path)):
        return []
    shown = Path(str(path).rpartition("/")[2][:80] or "来件")  # not the whole, which may hold a password
    return [blocked(shown, "是网络地址或虚拟路径，不能直接读取", "请先下载、核实，再以本机文件路径提交")]


def refuse_content(path: Path, begins: bytes = b"") -> list[Finding]:
    """Why it is not handed to GDAL: it does not begin as its format does, or refers to something else."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if not head.startswith(begins) or _REFERRING.search(head):
        return [blocked(path, "打不开：内容与后缀不符", "请核对文件是否完整、格式是否与后缀相符")]
    return []
