"""The installation a request is answered from: where its files are. Told once by `main`."""

from __future__ import annotations

from fastapi import FastAPI, Request

from gis_service.foundation.settings import Settings


def install(app: FastAPI, settings: Settings) -> None:
    """Let an application keep and find files where `settings` say."""
    app.state.settings = settings


def settings_of(request: Request) -> Settings:
    """The settings the application of this request was composed with."""
    settings = request.app.state.settings
    assert isinstance(settings, Settings)
    return settings
