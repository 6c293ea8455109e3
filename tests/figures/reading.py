"""Reading a figure back: its elements, its texts, its paths."""

from xml.etree import ElementTree

from reportgen.figures import Figure

Element = ElementTree.Element


def tree(figure: Figure) -> Element:
    return ElementTree.fromstring(figure.svg.replace(' xmlns="http://www.w3.org/2000/svg"', ""))


def texts(figure: Figure) -> list[str]:
    return [element.text or "" for element in tree(figure).iter("text")]


def ids(figure: Figure) -> set[str]:
    return {element.attrib["id"] for element in tree(figure).iter() if "id" in element.attrib}


def text_sizes(figure: Figure) -> set[float]:
    return {float(element.attrib["font-size"]) for element in tree(figure).iter("text")}
