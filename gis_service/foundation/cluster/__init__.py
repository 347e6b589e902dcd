"""The private PostgreSQL + PostGIS cluster of one home folder: made, started, mended and judged here.

Decision 0005 says why a cluster of our own is the default and what it promises.
"""

from gis_service.foundation.cluster.fitness import check_database
from gis_service.foundation.cluster.keeping import (
    ClusterState,
    ClusterStatus,
    cluster_status,
    ensure_cluster,
    remove_cluster,
    stop_cluster,
)
from gis_service.foundation.cluster.machine import Machine
from gis_service.foundation.cluster.temporary import temporary_cluster, temporary_home
from gis_service.foundation.cluster.wishes import Over

__all__ = [
    "ClusterState",
    "ClusterStatus",
    "Machine",
    "Over",
    "check_database",
    "cluster_status",
    "ensure_cluster",
    "remove_cluster",
    "stop_cluster",
    "temporary_cluster",
    "temporary_home",
]
