"""What the operator is told where the system does not read or write a file."""

import errno

_SYSTEM_FAULTS = {
    errno.EACCES: "没有权限，或正被别的程序打开",
    errno.EPERM: "没有权限，或正被别的程序打开",
    errno.EROFS: "这里只能读，不能写",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EIO: "磁盘或网络盘读写出错",
    errno.ESTALE: "网络盘断开了",
    errno.ENOTCONN: "网络盘断开了",
    errno.ENOENT: "没有找到",
    errno.EISDIR: "这里应是文件，却是文件夹",
    errno.ENOTDIR: "这里应是文件夹，却是文件",
    errno.EEXIST: "这里应是文件夹，却是文件",
    errno.ENAMETOOLONG: "路径太长",
}


def system_fault(fault: OSError) -> str:
    """Return what the system did not do, why, and what to look at."""
    where = f"“{fault.filename}”" if fault.filename else ""
    why = _SYSTEM_FAULTS.get(fault.errno or 0, f"代码{fault.errno}")
    return f"{where}读写失败：{why}。请检查文件夹、磁盘空间和权限后重试。"
