"""The edges of the service in their order: what a request passes before its route, and its answer after."""

from __future__ import annotations

from fastapi import FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from gis_service.foundation.settings import Settings
from gis_service.foundation.web.announcing import Announcing
from gis_service.foundation.web.deadlines import Deadlines
from gis_service.foundation.web.headers import Shielding
from gis_service.foundation.web.limits import Limits
from gis_service.foundation.web.metrics import measure_with
from gis_service.foundation.web.problems import answer_problems
from gis_service.foundation.web.rates import Ration, Rationing
from gis_service.foundation.web.traffic import Admission, Traffic
from gis_service.foundation.web.watching import Watching


def guard(app: FastAPI, settings: Settings) -> None:
    """Put the edges around an application; read from the bottom, as a request comes in."""
    bounds = settings.bounds
    app.state.traffic = Traffic(bounds.at_once)
    metrics = measure_with(app, app.state.traffic)
    app.state.ration = Ration(settings.rates)
    answer_problems(app)
    app.add_middleware(Deadlines, seconds=bounds.request_s)
    app.add_middleware(Rationing, ration=app.state.ration)
    app.add_middleware(Limits, bounds=bounds)
    app.add_middleware(Admission, traffic=app.state.traffic)
    app.add_middleware(Watching, metrics=metrics)
    app.add_middleware(Shielding)
    app.add_middleware(Announcing)
    if settings.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.trusted_proxies))
