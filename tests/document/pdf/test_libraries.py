import ctypes.util
import subprocess
import sys

import pytest

from reportgen.document.pdf import libraries


def test_the_search_is_back_after_an_import_that_failed() -> None:
    search = ctypes.util.find_library
    with pytest.raises(ImportError), libraries.by_name():
        raise ImportError
    assert ctypes.util.find_library is search


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
