"""The service in a process of its own, as it is in use: who asks does not take its time."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread

import uvicorn

from benchmarks.scene import Scene
from gis_service.foundation.database import open_engine
from gis_service.foundation.settings import Settings
from gis_service.foundation.web.serving import OPTIONS, Server
from gis_service.foundation.web.traffic import traffic_of
from gis_service.main import create_app


@contextmanager
def served_apart(scene: Scene) -> Iterator[str]:
    """The address of the service on the database of a scene, on a free port of the loopback address."""
    here, there = get_context("spawn").Pipe()
    url = scene.engine.url.render_as_string(hide_password=False)
    process = get_context("spawn").Process(target=_serve, args=(url, scene.home, there), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}"
    finally:
        here.send("done")
        process.join()


def _serve(url: str, home: Path, asked: Connection) -> None:
    app = create_app(Settings(home=home), open_engine(url))
    gc.collect()
    gc.freeze()
    server = Server(uvicorn.Config(app, host="127.0.0.1", port=0, **OPTIONS), traffic_of(app))
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    asked.send(server.servers[0].sockets[0].getsockname()[1])
    asked.recv()
    server.should_exit = True
    thread.join()
