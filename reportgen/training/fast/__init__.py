"""The fast path: the authors' own model, some of its layers computed in fewer passes over memory.

One door: `faster` returns a step that has just proved itself equal to Keras's, or the reason why Keras's
own step is to train. Nothing is copied: layers, weights and graph are the authors', and what is
replaced is how some layers compute, for as long as the training lasts.
"""

from typing import Any

from reportgen.training.fast import allowed, proof
from reportgen.training.fast.cores import Sharing, arrange, core_count, suggest, thread_count
from reportgen.training.fast.step import FastStep
from reportgen.training.tensorflow import on_gpu

__all__ = [
    "FastStep",
    "Sharing",
    "arrange",
    "core_count",
    "faster",
    "image_by_image",
    "suggest",
    "thread_count",
    "unsuited",
]


def unsuited(model: Any) -> str:
    """Return why the fast path can't serve a model on this machine; empty if it may."""
    if len(getattr(model, "inputs", None) or ()) > 1:
        return "it has several inputs"
    return "a GPU computes" if on_gpu() else allowed.why_not(model)


def image_by_image(model: Any) -> bool:
    """Tell whether a model, in inference, certainly treats every image by itself."""
    return not allowed.why_not(model) and allowed.separate(model, but_for_moments=True)


def faster(model: Any, images: Any, labels: Any, sharing: Sharing) -> FastStep | str:
    """Return a fast step for a compiled model, proved on a minibatch, or why there is none.

    Parameters
    ----------
    images, labels : tensor
        A minibatch as training sees it.
    """
    step = FastStep(model, sharing)
    if not step.gains:
        return "nothing in it is made faster"
    if difference := proof.difference(step, images, labels):
        return f"the fast path is not equal to it ({difference})"
    return step
