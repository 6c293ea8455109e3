"""Serve WeasyPrint the report's own assets, and nothing else."""

import base64

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reportgen.document.assets import PICTURE, SCHEME, Assets, media_type
from reportgen.document.pdf import vector
from reportgen.errors import Problem


class Fetcher(URLFetcher):  # type: ignore[misc]
    """Serves the page's own assets; everything else stops the rendering.

    Attributes
    ----------
    served : dict of str to bytes
        What was asked for, by name.
    refused : list of str
        What else was asked for.
    """

    def __init__(self, assets: Assets) -> None:
        super().__init__(allowed_protocols={SCHEME}, allow_redirects=False, fail_on_errors=True)
        self._assets = assets
        self.served: dict[str, bytes] = {}
        self.refused: list[str] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Return an asset by its private address, or a picture that stands in a drawing."""
        if picture := PICTURE.fullmatch(url):
            return URLFetcherResponse(url, base64.b64decode(picture[2]), {"Content-Type": picture[1]})
        scheme, _, name = url.partition(":")
        if scheme != SCHEME or name not in self._assets:
            self.refused.append(url)
            raise FatalURLFetchingError(url)
        if name not in self.served:
            data = self._assets[name]
            self.served[name] = vector.prepared(data) if name.endswith(".svg") else data
        return URLFetcherResponse(url, self.served[name], {"Content-Type": media_type(name)})

    def problems(self) -> list[Problem]:
        """Say which line of which style sheet asked for something that is no part of the report."""
        return [_blamed(url, self._assets) for url in self.refused]


def _blamed(url: str, assets: Assets) -> Problem:
    message = f"requests {url[:120]!r}, which is not part of the report"
    wanted = url.removeprefix(f"{SCHEME}:").rpartition("/")[2]
    for name, data in assets.files.items():
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            if name.startswith("style/") and wanted in line:
                return Problem(f"templates/{name.removeprefix('style/')}", number, message)
    return Problem("templates", 0, f"the page {message}")
