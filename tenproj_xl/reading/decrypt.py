"""Workbooks under a password, opened by those that are known; the plain file has yet to pass the guard."""

import io
from collections.abc import Sequence

from tenproj_xl.core.catalogue import Code
from tenproj_xl.reading.guard import Refusal

# Excel tries it on every file: a workbook that is only protected from changes is encrypted with it.
_EVERYBODYS = "VelvetSweatshop"


def decrypted(data: bytes, passwords: Sequence[str]) -> bytes | Refusal:
    """Return the plain file, or a refusal where no known password opens it."""
    from msoffcrypto import OfficeFile  # noqa: PLC0415  # 60 ms, only for encrypted files
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError  # noqa: PLC0415

    for password in (_EVERYBODYS, *passwords):
        plain = io.BytesIO()
        try:
            file = OfficeFile(io.BytesIO(data))
            if file.format == "ooxml":
                file.load_key(password=password, verify_password=True)
            else:  # which always verifies it
                file.load_key(password=password)
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
