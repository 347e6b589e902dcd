"""What the operating system reports of files and disks, in words an operator can act on."""

from __future__ import annotations

import errno
from collections.abc import Mapping

SYSTEM_WORDS: Mapping[int, str] = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "文件系统是只读的",
    errno.ENOSPC: "磁盘空间不足",
    errno.EDQUOT: "超出磁盘配额",
    errno.EFBIG: "超出文件大小的限额",
    errno.ENOTDIR: "路径中有一级不是目录",
    errno.EEXIST: "同名文件已存在",
    errno.ENAMETOOLONG: "路径过长",
    errno.ELOOP: "链接循环或不允许的链接",
}
