"""Attach the MathML of formulas to their tags, for software that reads mathematics aloud."""

from collections.abc import Mapping

import pydyf

_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_TYPE = "/application#2Fmathml#2Bxml"


def associate(pdf: pydyf.PDF, formulas: Mapping[str, str]) -> None:
    """Give each formula in the tag tree its MathML as an associated file, as PDF/UA-2 and PDF/A-3 know them.

    Parameters
    ----------
    formulas : mapping of str to str
        MathML by the alternative text of the formula.
    """
    found = {pydyf.String(tex).data: mathml for tex, mathml in formulas.items() if mathml}
    files: dict[bytes, bytes] = {}
    for element in [each for each in pdf.objects if isinstance(each, dict) and each.get("S") == "/Formula"]:
        text = element["Alt"].data
        if text not in files and text in found:
            files[text] = _file(pdf, found[text], len(files) + 1)
        if text in files:
            element["AF"] = pydyf.Array([files[text]])


def _file(pdf: pydyf.PDF, mathml: str, number: int) -> bytes:
    """Add a file to a PDF, and return the reference of its specification."""
    data = mathml.replace("<math>", f'<math xmlns="{_NAMESPACE}">', 1).encode()
    size = pydyf.Dictionary({"Size": len(data)})
    stream = pydyf.Stream([data], {"Type": "/EmbeddedFile", "Subtype": _TYPE, "Params": size})
    pdf.add_object(stream)
    name = pydyf.String(f"formula-{number}.mml")
    specification = pydyf.Dictionary(
        {
            "Type": "/Filespec",
            "F": name,
            "UF": name,
            "AFRelationship": "/Supplement",
            "EF": pydyf.Dictionary({"F": stream.reference, "UF": stream.reference}),
        }
    )
    pdf.add_object(specification)
    reference: bytes = specification.reference
    return reference
