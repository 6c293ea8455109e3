"""A cache of artifacts in memory."""

from collections.abc import Callable

from reportgen.artifacts import Artifacts


class Kept(dict[str, bytes]):
    """Keeps what was made by its key, as a store does; its length counts how often anything was made."""

    def __call__(self, make: Callable[..., bytes], *values: object) -> bytes:
        return Artifacts(self)(make, *values)  # type: ignore[arg-type]

    def artifact(self, kind: str, key: str, make: Callable[[], bytes]) -> bytes:
        if key not in self:
            self[key] = make()
        return self[key]
