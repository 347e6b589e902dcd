"""Deliveries that were entered, and records of place names as programs send them."""

from __future__ import annotations

from fastapi import APIRouter

from gis_service.procedures.intake.routes import batches, deliveries

ROUTERS: tuple[APIRouter, ...] = (deliveries.router, batches.router)
