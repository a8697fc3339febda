"""Workbooks under a password.

Reads: the bytes of an encrypted file and the passwords that are known. Gives: the bytes of the plain one, which have
yet to pass the guard.
"""

import io
from collections.abc import Sequence

from tenproj_xl.core.catalogue import Code
from tenproj_xl.reading.guard import Refusal

# Excel itself tries it on every file: what is only protected from changes is encrypted with it, and nobody is asked.
_EVERYBODYS = "VelvetSweatshop"


def decrypted(data: bytes, passwords: Sequence[str]) -> bytes | Refusal:
    """The plain file, or that no known password opens it."""
    from msoffcrypto import OfficeFile  # noqa: PLC0415  # 60 ms, only for encrypted files
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError  # noqa: PLC0415

    for password in (_EVERYBODYS, *passwords):
        plain = io.BytesIO()
        try:
            file = OfficeFile(io.BytesIO(data))
            verify = {"verify_password": True} if file.format == "ooxml" else {}  # the other kind always does
            file.load_key(password=password, **verify)
            file.decrypt(plain)
        except (InvalidKeyError, DecryptionError):
            continue
        except (FileFormatError, ParseError) as fault:  # a cipher that nobody here knows
            return Refusal(Code.FILE_ENCRYPTED, str(fault))
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001  # over damaged bytes the library raises whatever Python does
            return Refusal(Code.FILE_TRUNCATED)
        return plain.getvalue()
    return Refusal(Code.FILE_ENCRYPTED, "已知的密码打不开")
