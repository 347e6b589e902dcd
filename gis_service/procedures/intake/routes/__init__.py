"""Deliveries that were entered, and records of place names as programs send them."""

from __future__ import annotations

from fastapi import APIRouter

from gis_service.procedures.intake.routes import batches, deliveries, reviews

ROUTERS: tuple[APIRouter, ...] = (deliveries.router,)
# Before the register of place names, which would take `reviews` for the id of a name.
PLACENAMES: tuple[APIRouter, ...] = (batches.router, reviews.router)
