"""The server's configuration: written anew at each start, because memory and address may have changed.

Settings made with ALTER SYSTEM come after these and win.
"""

from __future__ import annotations

from collections.abc import Mapping

from gis_service.foundation.cluster.account import Account
from gis_service.foundation.cluster.address import Address
from gis_service.foundation.cluster.machine import MIB, Machine, has_ample_shared_memory

CONF_FILE = "gis_service.conf"
ARCHIVE_CONF_FILE = "gis_archive.conf"  # stays over restarts, while the file above is written anew
RECOVERY_CONF_FILE = "gis_recovery.conf"
NO_ARCHIVE = "/bin/true"  # says "kept" to the server; archiving can then begin and end while it runs
INCLUDE = f"\ninclude_if_exists '{CONF_FILE}'\n"
HBA = """\
# Over the socket the kernel tells who asks: the owner of the cluster and root, nobody else.
local  all          all                peer map=owners
local  replication  all                peer map=owners
host   all          all  127.0.0.1/32  scram-sha-256
host   replication  all  127.0.0.1/32  scram-sha-256
"""


def ident(account: Account) -> str:
    """Which system accounts may use the cluster's roles over the socket."""
    people = dict.fromkeys((account.name, "root"))
    return "".join(f'owners "{name}" {role}\n' for name in people for role in ("gis_service", "postgres"))


def settings(address: Address, machine: Machine, *, durable: bool) -> str:
    """The text of the configuration file.

    An eighth of the machine's memory is for shared buffers, 4 GiB at most: the Python side holds coverages in
    memory too. Not `durable` is for throw-away clusters of tests and benchmarks only.
    """
    memory_mib = machine.memory_bytes() // MIB
    safety = "on" if durable else "off"
    values = {
        **_listening(address),
        "max_connections": "60",
        "max_locks_per_transaction": "512",  # every savepoint that wrote holds one until the end
        "shared_buffers": f"{_within(memory_mib // 8, 128, 4096)}MB",
        "effective_cache_size": f"{_within(memory_mib // 2, 256, 65536)}MB",
        "work_mem": f"{_within(memory_mib // 256, 8, 64)}MB",
        "maintenance_work_mem": f"{_within(memory_mib // 16, 64, 1024)}MB",
        "dynamic_shared_memory_type": "posix" if has_ample_shared_memory() else "mmap",
        "min_wal_size": "128MB",
        "max_wal_size": "2GB",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "jit": "off",
        "fsync": safety,
        "synchronous_commit": safety,
        "full_page_writes": safety,
        "password_encryption": "scram-sha-256",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "log_line_prefix": "%m [%p] %u@%d ",
        "cluster_name": "gis_service",
        "archive_mode": safety,
        "archive_command": NO_ARCHIVE,
    }
    return lines(values) + "".join(
        f"include_if_exists '{file}'\n" for file in (ARCHIVE_CONF_FILE, RECOVERY_CONF_FILE)
    )


def lines(values: Mapping[str, str]) -> str:
    """Settings as a configuration file has them."""
    return "".join(f"{name} = {_quoted(value)}\n" for name, value in values.items())


def _listening(address: Address) -> dict[str, str]:
    folder = "" if address.folder is None else str(address.folder).replace('"', '""')
    return {
        "listen_addresses": "" if address.folder is not None else address.host,
        "unix_socket_directories": f'"{folder}"' if folder else "",
        "unix_socket_permissions": "0700",
        "port": str(address.port),
    }


def _within(value: int, least: int, most: int) -> int:
    return max(least, min(value, most))


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
