"""Whose a file in a zip of feedback is, by the platforms' own rules, written down from their code.

Canvas: `AbstractAssignment#infer_comment_context_from_filename`. Moodle:
`assignfeedback_file_zip_importer::is_valid_filename_for_import`.
"""

from __future__ import annotations


def canvas_reads(path: str) -> tuple[str, str]:
    """(user, or `anon_` and an anonymous id; attachment) that Canvas takes a file's name for."""
    parts = [part for part in path.rpartition("/")[2].split("_") if part != "LATE"]
    if parts[0] == "anon":
        return f"anon_{parts[1]}", parts[2]
    assert not parts[-1].startswith("link")
    user, attachment, *_ = [part for part in parts if part.isascii() and part.isdigit()]
    return user, attachment


def moodle_reads(path: str) -> tuple[str, str]:
    """(participant, file's name) that Moodle takes a path for; versions before 4.1 are stricter."""
    assert not path.rpartition("/")[2].startswith((".", "~"))
    parts = path.split("/")
    for place, part in enumerate(parts):
        info = part.split("_", 4)
        if len(info) == 5 and info[1].isascii() and info[1].isdigit():
            assert info[2:4] == ["assignsubmission", "file"]
            return info[1], "/".join([info[4], *parts[place + 1 :]]).lstrip("/")
    raise AssertionError(path)
