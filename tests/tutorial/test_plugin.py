"""`pytest --tutorial`: blocks as tests."""

import subprocess
import sys

import pytest

GOOD = "# Good\n\n```python\nx = 2\nx + 1\n```\n\n```\n3\n```\n"
BAD = """# Bad

```python
1 / 0
```

```python
print("six")
```

```
seven
```

```
pip install something
```

<!-- tutorial: skip because it takes an hour -->
```python
while True: pass
```
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    found = tmp_path_factory.mktemp("documents")
    (found / "good.md").write_text(GOOD)
    (found / "bad.md").write_text(BAD)
    (found / "bad.mended.md").write_text(BAD)
    (found / "test_code.py").write_text("def test_it():\n    pass\n")
    return found


def run(folder, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA", *arguments],
        cwd=folder, capture_output=True, text=True, check=False, env=None,
    )  # fmt: skip
    return done.returncode, done.stdout


def test_each_block_is_a_test_beside_the_codes_own(folder):
    status, said = run(folder, "--tutorial", ".")
    assert status == 1
    assert "2 failed, 2 passed, 1 skipped" in said
    assert "PASSED good.md::line-4" in said
    assert "bad.md:4: failed: Line 4 raises ZeroDivisionError." in said
    assert "--- shown\nseven\n+++ came\nsix" in said
    assert "it takes an hour" in said
    assert "mended" not in said


def test_a_good_page_passes(folder):
    status, said = run(folder, "--tutorial", "good.md")
    assert (status, "1 passed" in said) == (0, True)


def test_without_the_option_documents_are_no_tests(folder):
    status, said = run(folder, ".")
    assert (status, "1 passed" in said) == (0, True)


def test_a_page_that_cannot_be_read_is_an_error_of_its_own(tmp_path):
    (tmp_path / "latin.md").write_bytes("# Größe".encode("latin-1"))
    status, said = run(tmp_path, "--tutorial", ".")
    assert status == 2
    assert "UTF-8" in said
