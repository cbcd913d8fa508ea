"""What the operating system refuses, in one sentence with the remedy that fits its reason."""

from __future__ import annotations

import errno

from sop.core.errors import BadInput, SetupError, SopError

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_RIGHT = (errno.EACCES, errno.EPERM, errno.EROFS)
_NOT_A_NAME = (errno.ENAMETOOLONG, errno.EILSEQ)
_NO_PLACE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)
_OTHER_KIND = (errno.EISDIR,)
_TOO_MANY = (errno.EMFILE, errno.ENFILE)


def explain_os_error(error: OSError | ValueError, what: str, where: str = "", kept: str = "") -> SopError:
    """`what` failed at the operating system; `kept`: what became of it, where the reader could wonder.

    A ValueError is what Python raises for a name that holds a NUL or half a surrogate pair.
    """
    code = error.errno if isinstance(error, OSError) else errno.EILSEQ
    why = (getattr(error, "strerror", None) or "the name is not text").lower()
    where, what = printable(where), f"{what}, {kept}" if kept else what
    if code in _NOT_A_NAME:
        return BadInput(what, where=where, why=why, remedy="Give it a shorter name of plain letters and digits")
    remedy = "Look at the disk, or at the network that it is on"
    if code in _NO_ROOM:
        why, remedy = "the disk is full", "Free some space on it, then do it again"
    elif code in _NO_RIGHT:
        remedy = "Name a place that you may write to, or give yourself the right"
    elif code in _NO_PLACE:
        remedy = "Check the path and its spelling"
    elif code in _OTHER_KIND:
        remedy = "Name a file, not a folder"
    elif code in _TOO_MANY:
        remedy = "Close other programs, or raise the limit of open files"
    elif code == errno.ENOMEM:
        remedy = "Close other programs, or give the machine more memory"
    return SetupError(what, where=where, why=why, remedy=remedy)


def printable(name: str, longest: int = 120) -> str:
    """A name from outside, fit to be shown, printed and kept: no half surrogate pairs, no NUL, not endless.

    >>> printable("a" + chr(0) + "b" + chr(0xDC80))
    'a�b�'
    """
    text = "".join("�" if letter == "\0" or "\ud800" <= letter <= "\udfff" else letter for letter in name)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
