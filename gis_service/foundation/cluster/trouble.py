"""What went wrong, in words an operator can act on: system errors and the server's own log."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gis_service.foundation.cluster.machine import MIB
from gis_service.foundation.errors import DatabaseUnavailable
from gis_service.foundation.system_words import SYSTEM_WORDS

NEEDED_MIB = (
    300  # a fresh cluster takes 90 MiB, and its write-ahead log grows to 128 MiB before it is recycled
)
FULL_MIB = 16  # with less than one segment of the write-ahead log left, even the server's log stays mute

FULL_DISK_SIGNS = ("No space left on device", "Disk quota exceeded")


@dataclass(frozen=True, slots=True)
class Sign:
    """A phrase of the server's log (English: the cluster speaks C) and what it means."""

    phrase: str
    message: str
    way_out: str


SIGNS = (
    Sign("could not bind", "数据库的监听地址被占用", "请重试；仍不行时查看日志中的端口号并停掉占用它的程序"),
    Sign(
        "could not map anonymous shared memory",
        "内存不足，数据库无法启动",
        "请关闭其他程序，或增加内存后重试",
    ),
    Sign("Cannot allocate memory", "内存不足，数据库无法启动", "请关闭其他程序，或增加内存后重试"),
    Sign(
        "pre-existing shared memory block",
        "上一次的数据库进程还没有全部退出",
        "请用 ps -ef | grep postgres 找到残留进程，结束后重试",
    ),
    Sign("incompatible with server", "数据目录与本机 PostgreSQL 版本不符", "请安装建立数据目录时的版本"),
    Sign("has wrong ownership", "数据目录的属主不对", "请用 chown -R 把数据库目录改回原属主"),
    Sign(
        "recovery ended before configured recovery target was reached",
        "归档的日志没有到达所要的时刻",
        "请换一个较早的时刻或 latest，或用 --wal 写出含有此后日志的归档目录",
    ),
    Sign(
        "requested recovery stop point is before consistent recovery point",
        "所要的时刻早于备份完成的时刻",
        "请改用更早的备份",
    ),
    Sign("invalid checkpoint record", "数据库的日志已损坏，未作任何改动", "请从备份恢复，勿删除 pg_wal 目录"),
)


def from_system(error: OSError, what: str) -> DatabaseUnavailable:
    """Translate an operating-system error met while preparing the cluster."""
    reason = SYSTEM_WORDS.get(error.errno or 0, error.strerror or "系统错误")
    return DatabaseUnavailable(
        f"{what}：{reason}", way_out="请检查该路径，或把 GIS_HOME 设为另一个有写权限、有空间的目录"
    )


def full_disk(folder: Path, free: int) -> DatabaseUnavailable:
    """Too little room: names what is free and what is needed."""
    return DatabaseUnavailable(
        f"磁盘空间不足：{folder} 所在磁盘剩余 {free // MIB} MiB，至少需要 {NEEDED_MIB} MiB；已有数据未受损",
        way_out="请清理磁盘，或把 GIS_HOME 设到空间充足的磁盘上，然后重试",
    )


def from_server(words: str, *, log: Path, folder: Path, free: int) -> DatabaseUnavailable:
    """Translate what initdb or the server said when it gave up; `free` is the room left, in bytes."""
    if free < FULL_MIB * MIB or any(sign in words for sign in FULL_DISK_SIGNS):
        return full_disk(folder, free)
    for sign in SIGNS:
        if sign.phrase in words:
            return DatabaseUnavailable(sign.message, way_out=f"{sign.way_out}；日志：{log}")
    last = _last_complaint(words)
    return DatabaseUnavailable(
        f"数据库没有启动起来{'：' + last if last else ''}", way_out=f"请查看日志 {log}，处理后重试"
    )


def _last_complaint(words: str) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    grave = [line for line in lines if any(mark in line for mark in ("FATAL", "PANIC", "error:", "ERROR"))]
    return (grave or lines or [""])[-1]
