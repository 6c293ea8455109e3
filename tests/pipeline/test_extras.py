"""What an extra brings is known, and missed before it is needed."""

from importlib import metadata

import pytest

from reportgen.errors import UndecidedError
from reportgen.pipeline import extras


def test_everything_is_installed_here() -> None:
    assert {("weasyprint", "document"), ("tensorflow", "train"), ("s3fs", "s3")} <= set(extras.packages())
    extras.require("document")


def test_what_is_missing_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    found = metadata.version

    def version(name: str) -> str:
        if name in ("weasyprint", "nbconvert"):
            raise metadata.PackageNotFoundError(name)
        return found(name)

    monkeypatch.setattr(metadata, "version", version)
    with pytest.raises(UndecidedError) as caught:
        extras.require("document")
    assert str(caught.value) == (
        "this needs the extra 'document': nbconvert, weasyprint not installed "
        "(pip install 'reportgen-lab[document]')"
    )


def test_nothing_is_missed_where_the_package_itself_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "DISTRIBUTION", "no-such-distribution")
    extras.require("document")
