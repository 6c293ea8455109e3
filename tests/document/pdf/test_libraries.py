import ctypes.util
import subprocess
import sys

import pytest

from reportgen.document.pdf import libraries


def test_the_search_is_back_after_an_import_that_failed() -> None:
    search = ctypes.util.find_library
    with pytest.raises(ImportError), libraries.quickly():
        raise ImportError
    assert ctypes.util.find_library is search


def test_a_module_that_is_seldom_used_is_imported_when_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "_SELDOM", ("colorsys",))
    sys.modules.pop("colorsys", None)
    with libraries.quickly():
        from colorsys import rgb_to_hsv
    assert "colorsys" not in sys.modules
    assert rgb_to_hsv(0, 0, 1) == (2 / 3, 1, 1)
    assert sys.modules["colorsys"].rgb_to_hsv(0, 0, 1) == (2 / 3, 1, 1)


def test_it_may_be_called_while_something_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "_SELDOM", ("colorsys",))
    sys.modules.pop("colorsys", None)
    with libraries.quickly():
        from colorsys import rgb_to_hsv

        assert rgb_to_hsv(0, 0, 1) == (2 / 3, 1, 1)
    assert "colorsys" in sys.modules


def test_the_layout_library_comes_without_what_it_seldom_uses() -> None:
    code = "import sys, reportgen.document.pdf; sys.exit('fontTools.varLib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a search starts no process")
def test_loading_the_layout_library_starts_no_process() -> None:
    code = (
        "import subprocess\n"
        "def refuse(*arguments, **options):\n    raise AssertionError(arguments)\n"
        "subprocess.Popen.__init__ = refuse\n"
        "import reportgen.document.pdf"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
