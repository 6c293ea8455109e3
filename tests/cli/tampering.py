"""Changes in a finished PDF that its reader does not see."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf


def with_text(source: Path, target: Path, old: str, new: str) -> None:
    """Replace characters that a page shows by others that its font has, in the page's own drawing orders."""
    assert len(old) == len(new)
    with pikepdf.open(source) as pdf:
        for page in pdf.pages:
            orders = list(pikepdf.parse_content_stream(page))
            glyphs = list(_glyphs(page, orders))
            place = "".join(glyph.text for glyph in glyphs).find(old)
            if place < 0:
                continue
            for glyph, text in zip(glyphs[place:], new, strict=False):
                glyph.become(text)
            page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(orders))
            pdf.save(target)
            return
    raise AssertionError(f"no page shows {old!r}")


class _Glyph:
    """One character on a page: an operand of two bytes, at its place among the operands."""

    def __init__(self, codes: dict[str, bytes], operands: pikepdf.Array, index: int, text: str) -> None:
        self._codes, self._operands, self._index, self.text = codes, operands, index, text

    def become(self, text: str) -> None:
        self._operands[self._index] = pikepdf.String(self._codes[text])


def _glyphs(page: pikepdf.Page, orders: list[pikepdf.ContentStreamInstruction]) -> Iterator[_Glyph]:
    """Yield the characters of a page; orders that show several are taken apart on the way."""
    characters: dict[bytes, str] = {}
    for place, (operands, operator) in enumerate(orders):
        if str(operator) == "Tf":
            cmap = page.obj.Resources.Font[operands[0]].ToUnicode.read_bytes().decode()
            pairs = re.findall(r"<(\w{4})> <(\w{4})>\n", cmap.partition("beginbfchar")[2])
            characters = {bytes.fromhex(code): chr(int(text, 16)) for code, text in pairs}
        elif str(operator) == "TJ":
            codes = {text: code for code, text in characters.items()}
            shown = pikepdf.Array()
            for part in operands[0]:
                if not isinstance(part, pikepdf.Object):
                    shown.append(part)
                    continue
                data = bytes(part)
                for start in range(0, len(data), 2):
                    text = characters.get(data[start : start + 2], "\0")
                    yield _Glyph(codes, shown, len(shown), text)
                    shown.append(pikepdf.String(data[start : start + 2]))
            orders[place] = pikepdf.ContentStreamInstruction([shown], operator)


def with_attachment(source: Path, target: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Replace the bytes of an attachment, or add one that is not there."""
    with pikepdf.open(source) as pdf:
        data = pdf.attachments[name].get_file().read_bytes() if name in pdf.attachments else b""
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, change(data), filename=name)
        pdf.save(target)


def attachment(path: Path, name: str) -> bytes:
    """Return the bytes of an attachment."""
    with pikepdf.open(path) as pdf:
        return bytes(pdf.attachments[name].get_file().read_bytes())


def without_attachments(source: Path, target: Path) -> None:
    """Remove every attachment."""
    with pikepdf.open(source) as pdf:
        for name in list(pdf.attachments):
            del pdf.attachments[name]
        pdf.save(target)
