"""Export results to one archive file, and import them on another machine."""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from reportgen.decoding import archives
from reportgen.errors import Problem, StoreError, shown
from reportgen.files import disk
from reportgen.store.local import Local
from reportgen.store.manifest import LARGEST, SIZE, DamagedError, Manifest
from reportgen.store.names import MANIFEST, check_key
from reportgen.store.stored import Stored
from reportgen.store.upkeep import Moved, entries, leads_to

_DATE = (1980, 1, 1, 0, 0, 0)  # the same archive, byte for byte, whenever it is written
_KEY_LENGTH = 64


class Receiver(Protocol):
    """What an archive is unpacked into; a `Store` is one."""

    def scratch(self) -> AbstractContextManager[Path]:
        """Give an empty folder."""

    def publish(self, key: str, files: Mapping[str, bytes | Path]) -> None:
        """Take a result over."""

    def link(self, source: str, target: str) -> None:
        """Take a link between two keys over."""


def export(local: Local, path: Path, results: Sequence[Stored]) -> Moved:
    """Write results and the links to them into a zip file, which appears whole or not at all."""
    found = {each.key for each in results}
    temporary = disk.unique(path.parent, path.name)
    try:
        with zipfile.ZipFile(temporary, "x", zipfile.ZIP_DEFLATED) as archive:
            for stored in sorted(results, key=lambda each: each.key):
                _add(archive, f"results/{stored.key}/{MANIFEST}", stored.manifest.to_bytes())
                for name in stored.names:
                    _add(archive, f"results/{stored.key}/{name}", stored.read(name))
            for link in entries(local.root / "links", 2):
                if (target := leads_to(local, link)) in found:
                    _add(archive, f"links/{link.name}", target.encode())
        disk.sync(temporary)
        disk.move(temporary, path)
    except OSError as error:
        remedy = "name another file"
        raise StoreError(Problem(shown(path), 0, f"can't be written: {error.strerror}", remedy)) from error
    finally:
        disk.remove(temporary)
    return Moved(tuple(sorted(found)), sum(each.size for each in results))


def import_(store: Receiver, path: Path) -> Moved:
    """Publish the results of an archive; whatever does not match its checksum is refused, all of it."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archives.members(archive, LARGEST)
            found = [
                _manifest(archive, item) for name, item in members.items() if name.endswith(f"/{MANIFEST}")
            ]
            links = dict(_links(archive, members))
            for manifest in found:  # all of it is verified before anything is taken over
                for name in manifest.files:
                    for _ in _verified(archive, members, manifest, name):
                        pass
            for manifest in found:
                _publish(store, archive, members, manifest)
            for source, target in links.items():
                if any(manifest.key == target for manifest in found):
                    store.link(source, target)
    except StoreError as error:
        if not isinstance(error, DamagedError):
            raise
        raise _unsound(path, error) from error
    except archives.FAILURES as error:
        raise _unsound(path, error) from error
    return Moved(tuple(sorted(each.key for each in found)), sum(each.size for each in found))


def _unsound(path: Path, error: Exception) -> StoreError:
    message = f"is not a valid archive of results: {str(error)[:300] or type(error).__name__}"
    return StoreError(Problem(shown(path), 0, message, "export it again"))


def _publish(
    store: Receiver, archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], manifest: Manifest
) -> None:
    """Publish one result by way of files: its weights may be larger than the memory."""
    with store.scratch() as folder:
        files = {}
        for name in manifest.files:
            files[name] = folder / name
            with files[name].open("xb") as file:
                for chunk in _verified(archive, members, manifest, name):
                    file.write(chunk)
        store.publish(manifest.key, files)


def _links(archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo]) -> Iterator[tuple[str, str]]:
    for name, item in members.items():
        if name.startswith("links/"):
            if item.file_size != _KEY_LENGTH:
                raise DamagedError(f"{name[:100]} is not a link")
            yield check_key(name.removeprefix("links/")), check_key(archives.entry(archive, item).decode())


def _manifest(archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> Manifest:
    key = check_key(item.filename.split("/")[1])
    if item.file_size > SIZE or item.filename != f"results/{key}/{MANIFEST}":
        raise DamagedError(f"{item.filename[:100]} is not a manifest")
    return Manifest.from_bytes(bytes(archives.entry(archive, item)), key)


def _verified(
    archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], manifest: Manifest, name: str
) -> Iterator[bytes]:
    """Yield the bytes of a file; a difference from the manifest is raised after the last."""
    item, expected, digest = members[f"results/{manifest.key}/{name}"], manifest.files[name], sha256()
    if item.file_size != expected.size:
        raise DamagedError(f"{item.filename} does not have the size in its manifest")
    for chunk in archives.chunks(archive, item):
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != expected.sha256:
        raise DamagedError(f"the bytes of {item.filename} do not match their checksum")


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _DATE)
    info.external_attr = 0o644 << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, data, compresslevel=1)
