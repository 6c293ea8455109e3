"""What an error says, in one line, and what to do about it; those of TensorFlow begin with pages of where."""

import re

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# What stands before the sentence in an error that a graph raises, and what TensorFlow puts around it.
_WHERE = re.compile(
    r"Graph execution error:|Detected at node|File \"|<stack traces|\d+ root error"
    r"|Exception encountered when calling"
)
_AROUND = re.compile(r"^\(\d+\) [A-Z_]+: +|^\{\{.*?\}\} *| *\[Op:\w+\].*$")
_FRAME = re.compile(r'^ *File "(.+)", line (\d+)', re.MULTILINE)
# By the name of the error: this is asked where TensorFlow is not imported.
_REMEDIES = {
    # A full GPU, which several trainings share where there are fewer GPUs than of them.
    "ResourceExhaustedError": ("", "train fewer at a time (--jobs), or in smaller batches"),
    "UnimplementedError": (
        "determinis",
        "on a GPU it differs each time: take another layer, or train on the CPU (CUDA_VISIBLE_DEVICES=-1)",
    ),
}


def said(error: BaseException) -> str:
    """Return what an error says, without where; of one that Keras wraps, what the authors' code said."""
    lines = [line.strip() for line in _COLOUR.sub("", str(error)).splitlines() if line.strip()]
    telling = [line for line in lines if not _WHERE.match(line)] or lines
    return _AROUND.sub("", telling[0]) if telling else type(error).__name__


def remedy(error: BaseException) -> str:
    """Return what to do about an error; mostly empty."""
    word, told = _REMEDIES.get(type(error).__name__, ("", ""))
    return told if word in str(error) else ""


def frames(error: BaseException) -> list[tuple[str, int]]:
    """Return file and line of what made the part of a graph that an error is of, the innermost last."""
    return [(name, int(line)) for name, line in _FRAME.findall(str(error))]
