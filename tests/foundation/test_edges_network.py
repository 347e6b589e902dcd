"""Nothing is fetched because a user named it: no address given as a path, and none written in a file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyogrio
import pytest
from pyogrio.errors import DataSourceError
from pyproj.network import is_network_enabled
from typer.testing import CliRunner

from gis_service.cli import app
from gis_service.procedures.intake.formats import read_delivery

SECRET = "hunter2-geheim"
FEATURES = b"""{"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"code": "1"}, "geometry": {"type": "Point", "coordinates": [118, 32]}}
]}"""


class Spying(ThreadingHTTPServer):
    """A server on this machine that notes who asks it."""

    asked: list[str]

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class Answering(BaseHTTPRequestHandler):
    server: Spying

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", str(len(FEATURES)))
        self.end_headers()
        self.wfile.write(FEATURES)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def spy() -> Iterator[Spying]:
    with Spying(("127.0.0.1", 0), Answering) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


ADDRESSES = (
    "http://{spy}/a.geojson",
    "HTTPS://user:{secret}@{spy}/a.geojson",
    "ftp://{spy}/a.zip",
    "s3://bucket/a.gpkg",
    "file:///etc/passwd",
    "/vsicurl/http://{spy}/a.geojson",
    "//vsicurl/http://{spy}/a.geojson",
    "/vsicurl_streaming/http://{spy}/a.geojson",
    "/vsizip//vsicurl/http://{spy}/a.zip",
    "/vsis3/bucket/a.gpkg",
    "/vsimem/a.gpkg",
    "WFS:http://{spy}/wfs",
    "\\\\server\\share\\a.gpkg",
    " http://{spy}/a.geojson",
)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("command", ["check", "load"])
def test_an_address_is_no_delivery(
    spy: Spying, address: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIS_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    given = address.format(spy=spy.place, secret=SECRET)
    reading = read_delivery(given)
    assert reading.frame is None
    assert any("不能直接读取" in finding.message and finding.suggestion for finding in reading.findings)
    assert SECRET not in str(reading)
    done = CliRunner().invoke(app, ["intake", command, given, "--json"])
    assert done.exit_code != 0
    assert spy.asked == []


POINTING = {
    "vrt.gpkg": '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/http://{spy}/a.geojson'
    "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
    "pipeline.gpkg": '{{"type":"gdal_streamed_alg","command_line":'
    '"gdal vector convert /vsicurl/http://{spy}/a.geojson --output-format stream x"}}',
    "vrt.geojson": '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/http://{spy}/a.geojson'
    "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
    "both.geojson": '{{"type":"FeatureCollection","x":"gdal_streamed_alg","features":[],"command_line":'
    '"gdal vector convert /vsicurl/http://{spy}/a.geojson --output-format stream x"}}',
    "vrt.shp": '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/http://{spy}/a.geojson'
    "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
    "address.geojson": '"http://{spy}/a.geojson"',
}


@pytest.mark.parametrize("name", POINTING)
def test_a_file_that_names_an_address_is_refused(spy: Spying, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(POINTING[name].format(spy=spy.place), encoding="utf-8")
    for beside in (".shx", ".dbf"):
        path.with_suffix(beside).write_bytes(path.read_bytes())
    assert read_delivery(path).frame is None
    assert spy.asked == []


@pytest.mark.parametrize(
    "address", ["/vsicurl/http://{spy}/a", "http://{spy}/a.geojson", "WFS:http://{spy}/w"]
)
def test_gdal_itself_finds_no_network(spy: Spying, address: str) -> None:
    """Whatever gets past the checks before it."""
    with pytest.raises(DataSourceError):
        pyogrio.read_dataframe(address.format(spy=spy.place))
    assert spy.asked == []


def test_the_spy_would_be_asked_otherwise(spy: Spying) -> None:
    names = ("GDAL_HTTP_PROXY", "CPL_VSIL_CURL_ALLOWED_EXTENSIONS")
    before = {name: pyogrio.get_gdal_config_option(name) for name in names}
    pyogrio.set_gdal_config_options(dict.fromkeys(before))
    try:
        pyogrio.read_dataframe(f"/vsicurl/http://{spy.place}/open.geojson")
    finally:
        pyogrio.set_gdal_config_options(before)
    assert spy.asked


def test_projections_are_not_fetched() -> None:
    assert not is_network_enabled()
