"""File names and anchors for names of any script: ASCII, short, stable, one per name."""

import hashlib
import re
import unicodedata

_BASE_CHARS = 40
_DIGEST_CHARS = 24
"""96 bits: with 40, two names with one slug were found in seconds, and one page took the place of
the other."""


def slug(name: str) -> str:
    """An ASCII name `[a-z0-9-]+` for `name`, the same in every run.

    What can be read of the name comes first ("luc-émile" → "luc-emile-…"); the digest of the whole
    name keeps apart what that folds together ("a b" and "a-b", "Ada" and "ada", two Chinese names),
    also on file systems that ignore case.
    """
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:_BASE_CHARS].strip("-")
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST_CHARS]
    return f"{base}-{digest}" if base else digest
