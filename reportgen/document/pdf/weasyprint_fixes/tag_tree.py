"""Mend what WeasyPrint 70 leaves wrong in the tag tree of a PDF, and declare PDF/UA.

It has no PDF variant that is archival and accessible at once; a link whose text is emphasised lies outside a
link's tag; a list item's paragraphs lie outside its body; a link has no name to be read out; a list has no
numbering and a header cell no scope; a list of contents is tagged like any other list. A fix can go
when `tests/document/pdf/test_validator.py` passes without it.

The tree is a list of dictionaries that refer to each other by number. Everything here works on those, just
before the file is written.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

import pydyf

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_UA = "http://www.aiim.org/pdfua/ns/id/"
_PREFIXES = {
    "pdfuaid": _UA,
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}
_EXTENSION = f"""<rdf:Description xmlns:rdf="{_RDF}" xmlns:pdfaExtension="{_PREFIXES["pdfaExtension"]}"
 xmlns:pdfaSchema="{_PREFIXES["pdfaSchema"]}" xmlns:pdfaProperty="{_PREFIXES["pdfaProperty"]}" rdf:about="">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{_UA}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


def declare_universal_access(pdf: pydyf.PDF) -> None:
    """Add PDF/UA-1 to the metadata, with the schema that PDF/A asks for.

    Both must stand in the one ``rdf:RDF`` that is there: validators read no second one.
    """
    for prefix, namespace in _PREFIXES.items():
        ElementTree.register_namespace(prefix, namespace)
    stream = pdf.objects[_number(pdf.catalog["Metadata"])]
    content = b"\n".join(stream.stream)
    start, end = content.index(b"<rdf:RDF"), content.index(b"</rdf:RDF>") + len(b"</rdf:RDF>")
    root = ElementTree.fromstring(content[start:end])  # noqa: S314 - our own metadata
    ElementTree.SubElement(root, f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": "", f"{{{_UA}}}part": "1"})
    root.append(ElementTree.fromstring(_EXTENSION))  # noqa: S314 - a constant
    stream.stream = [content[:start] + ElementTree.tostring(root, encoding="utf-8") + content[end:]]


def mend(pdf: pydyf.PDF, formulas: Collection[str], names: Mapping[str, str], lists: Sequence[str]) -> None:
    """Give links, lists, tables and formulas what they must have, and links a name to be read out.

    Parameters
    ----------
    formulas : collection of str
        Alternative texts of the images that are formulas.
    names : mapping of str to str
        What links into the report are called, by anchor.
    lists : sequence of {"ol", "ul"}
        The lists of the page, in its order.
    """
    for thing in pdf.objects:
        if isinstance(thing, dict) and thing.get("Subtype") == "/Link":
            _name(thing, names)
    texts = {pydyf.String(formula).data for formula in formulas}
    for element in list(_elements(pdf)):
        kind = element["S"]
        if kind in ("/Span", "/NonStruct") and any(_is_annotation(pdf, kid) for kid in element["K"]):
            # A link's emphasis gets an annotation of its own, which must lie in a link too.
            element["S"] = "/Link"
        elif kind == "/LI":
            _fill_item(pdf, element)
        elif kind == "/Figure" and element.get("Alt") is not None and element["Alt"].data in texts:
            element["S"] = "/Formula"
        elif kind == "/TH":
            row = referred(pdf, element["P"])
            scope = "/Column" if _kind(pdf, row["P"]) == "/THead" else "/Row"
            element["A"] = pydyf.Dictionary({**(element.get("A") or {}), "O": "/Table", "Scope": scope})
    found = [
        element
        for element in _below(pdf, referred(pdf, pdf.catalog["StructTreeRoot"]))
        if element["S"] == "/L"
    ]
    for element, tag in zip(found, lists, strict=True):
        _describe_list(pdf, element, {"ol": "/Decimal", "ul": "/Disc"}[tag])


def _describe_list(pdf: pydyf.PDF, element: Any, numbering: str) -> None:
    """Tag a list as contents where each item leads to one place of the report; else say its numbering."""
    items = [referred(pdf, kid) for kid in element["K"] if _kind(pdf, kid) == "/LI"]
    if items and all(len(_targets(pdf, item) - {""}) == len(_targets(pdf, item)) == 1 for item in items):
        element["S"] = "/TOC"
        for item in items:
            item["S"] = "/TOCI"
            for kid in item["K"]:
                if _kind(pdf, kid) == "/LBody":
                    referred(pdf, kid)["S"] = "/Reference"
    else:
        element["A"] = pydyf.Dictionary({"O": "/List", "ListNumbering": numbering})


def _targets(pdf: pydyf.PDF, element: Any) -> set[str]:
    """Return the places of the report that links below an element lead to; empty for one elsewhere."""
    found: set[str] = set()
    for kid in element["K"]:
        thing = referred(pdf, kid)
        if not isinstance(thing, dict):
            continue
        if thing.get("Type") == "/OBJR":
            link = referred(pdf, thing["Obj"])
            found.add(link["Dest"].string if "Dest" in link else "")
        elif "K" in thing:
            found |= _targets(pdf, thing)
    return found


def _name(link: Any, names: Mapping[str, str]) -> None:
    """Give a link into the report a name to be read out."""
    if "Dest" in link:
        anchor = link["Dest"].string
        link["Contents"] = pydyf.String(names.get(anchor, anchor))


def _elements(pdf: pydyf.PDF) -> Iterator[Any]:
    for thing in pdf.objects:
        if isinstance(thing, dict) and thing.get("Type") == "/StructElem":
            yield thing


def _below(pdf: pydyf.PDF, element: Any) -> Iterator[Any]:
    """Yield the elements below another one, in reading order."""
    kids = element["K"] if isinstance(element["K"], list) else [element["K"]]
    for kid in kids:
        thing = referred(pdf, kid)
        if isinstance(thing, dict) and thing.get("Type") == "/StructElem":
            yield thing
            yield from _below(pdf, thing)


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def referred(pdf: pydyf.PDF, kid: object) -> Any:
    """Return the object that `kid` refers to, or None where it is no reference."""
    return pdf.objects[_number(kid)] if isinstance(kid, bytes) else None


def _kind(pdf: pydyf.PDF, kid: object) -> object:
    thing = referred(pdf, kid)
    return thing.get("S") if isinstance(thing, dict) else None


def _is_annotation(pdf: pydyf.PDF, kid: object) -> bool:
    thing = referred(pdf, kid)
    return isinstance(thing, dict) and thing.get("Type") == "/OBJR"


def _fill_item(pdf: pydyf.PDF, item: Any) -> None:
    """Put what stands directly in a list item, such as its paragraphs, into a list body."""
    loose = [
        kid
        for kid in item["K"]
        if referred(pdf, kid) is None or referred(pdf, kid).get("S") not in ("/Lbl", "/LBody")
    ]
    if not loose:
        return
    body = pydyf.Dictionary(
        {"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array(loose), "Pg": item["Pg"], "P": item.reference}
    )
    pdf.add_object(body)
    for kid in loose:
        thing = referred(pdf, kid)
        if thing is not None and thing.get("Type") == "/StructElem":
            thing["P"] = body.reference
    place = next(index for index, kid in enumerate(item["K"]) if kid in loose)
    kept = [kid for kid in item["K"] if kid not in loose]
    item["K"] = pydyf.Array([*kept[:place], body.reference, *kept[place:]])
