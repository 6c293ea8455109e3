"""The training twin of a model: the same function of the same weights, computed faster."""

from typing import Any, Literal

import numpy as np

from reportgen.errors import Problem, TrainingError
from reportgen.experiment.backend import keras, on_gpu
from reportgen.experiment.convolution import CutConv2D
from reportgen.experiment.copying import check, copied, described
from reportgen.experiment.dense import BlockedDense
from reportgen.experiment.dropout import FastDropout
from reportgen.experiment.normalization import AxisBatchNormalization, FusedBatchNormalization
from reportgen.experiment.rectification import stand_in

Precision = Literal["float32", "bfloat16"]


class Twin:
    """What is trained in place of a model.

    Parameters
    ----------
    model : keras.Model
        The authors' model; it lends its weights and gets them back by `give_back`.
    precision : {"float32", "bfloat16"}
        Arithmetic of the forward and backward pass. Weights, moving averages and the last layer
        are float32 either way.
    blocked : bool
        Whether wide dense kernels may be cut in blocks: right only where the optimizer treats
        every weight alone.
    cuts : int
        Parts that each convolution of a batch is cut in, see `threads`.

    Attributes
    ----------
    model : keras.Model
        The twin; the authors' model itself where it can't be copied (a subclass of Model).

    Raises
    ------
    TrainingError
        If bfloat16 is asked of a model that can't be copied.
    """

    def __init__(
        self, model: Any, precision: Precision = "float32", blocked: bool = False, cuts: int = 1
    ) -> None:
        self._original = model
        self._precision = precision
        self._blocked = blocked and not on_gpu()
        self._cuts = cuts
        self._last = model.layers[-1].name
        self._copied: list[tuple[Any, Any]] = []
        self.model = self._copy(model)
        if self.model is not model:
            for original, copy in zip(model.layers, self.model.layers, strict=True):
                _hand_over(original, copy)

    def give_back(self) -> None:
        """Write the trained weights into the authors' model."""
        if self.model is not self._original:
            for original, copy in zip(self._original.layers, self.model.layers, strict=True):
                _hand_back(copy, original)

    def _copy(self, model: Any) -> Any:
        try:
            if not type(model).__module__.startswith("keras."):
                raise NotImplementedError(f"{type(model).__name__} is a model class of its own")
            copy = keras.models.clone_model(model, clone_function=self._layer, recursive=True)
            for pair in self._copied:
                check(*pair)
            return copy
        except NotImplementedError as error:
            if self._precision == "float32":
                return model
            said = str(error).strip().splitlines()[0]
            problem = f"the model can't be computed in {self._precision}: {said}"
            remedy = (
                "use a Sequential or functional model of layers that have get_config(), and functions with"
                " names of their own; or float32"
            )
            raise TrainingError(Problem("", 0, problem, remedy)) from None

    def _layer(self, layer: Any) -> Any:
        if not isinstance(layer, keras.layers.Layer):
            return layer  # an operation, as behind `+`: it keeps nothing
        config = described(layer)
        if self._precision == "bfloat16" and layer.name != self._last and layer.compute_dtype == "float32":
            config["dtype"] = "mixed_bfloat16"
        if self._blocked and BlockedDense.serves(layer):
            return BlockedDense.like(layer, config["dtype"])
        if (rectifying := stand_in(layer, config)) is not None:
            return rectifying
        for fast in (FusedBatchNormalization, AxisBatchNormalization, FastDropout):
            if fast.serves(layer):
                return fast.from_config(config)
        if self._cuts > 1 and type(layer) is keras.layers.Conv2D:
            copy = copied(layer, config, CutConv2D)
            copy.cuts = self._cuts
        else:
            copy = copied(layer, config)
        self._copied.append((layer, copy))
        return copy


def _hand_over(original: Any, copy: Any) -> None:
    if isinstance(copy, BlockedDense):
        kernel, *bias = original.get_weights()
        cuts = range(copy.width, copy.units, copy.width)
        copy.set_weights(
            [*(np.ascontiguousarray(part) for part in np.split(kernel, list(cuts), axis=1)), *bias]
        )
    elif hasattr(copy, "layers"):
        for one, other in zip(original.layers, copy.layers, strict=True):
            _hand_over(one, other)
    else:
        copy.set_weights(original.get_weights())


def _hand_back(copy: Any, original: Any) -> None:
    if isinstance(copy, BlockedDense):
        blocks = len(copy.kernels)
        weights = copy.get_weights()
        original.set_weights([np.concatenate(weights[:blocks], axis=1), *weights[blocks:]])
    elif hasattr(copy, "layers"):
        for one, other in zip(original.layers, copy.layers, strict=True):
            _hand_back(other, one)
    else:
        original.set_weights(copy.get_weights())
