"""A model trained by PyTorch as its tutorials do it: one batch after the other, each operation at once.

Run by cold.py, in a Python that needs nothing but PyTorch and NumPy; the model is the one that Keras
described.
"""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh}


class AlongRows(nn.Module):
    """BatchNorm over the rows of images, as Keras does it with ``axis=1``."""

    def __init__(self, norm: nn.BatchNorm2d) -> None:
        super().__init__()
        self.norm = norm

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Normalise images (n, channels, height, width)."""
        return self.norm(images.transpose(1, 2)).transpose(1, 2)


def network(config: Mapping[str, Any]) -> nn.Module:
    """Return the network of a Keras Sequential's configuration, without the last softmax.

    Shapes are (channels, height, width) here: PyTorch's order.
    """
    layers: list[nn.Module] = []
    shape: tuple[int, ...] = ()
    for layer in config["config"]["layers"]:
        options = layer["config"]
        if layer["class_name"] == "InputLayer":
            _, height, width, channels = options["batch_shape"]
            shape = (channels, height, width)
            continue
        layers += _layers(layer["class_name"], options, shape)
        with torch.no_grad():
            shape = tuple(nn.Sequential(*layers).eval()(torch.zeros(2, *_first(config))).shape[1:])
    return nn.Sequential(*layers)


def _first(config: Mapping[str, Any]) -> tuple[int, int, int]:
    _, height, width, channels = config["config"]["layers"][0]["config"]["batch_shape"]
    return channels, height, width


def _layers(kind: str, options: Mapping[str, Any], shape: tuple[int, ...]) -> Iterator[nn.Module]:
    match kind:
        case "Dense":
            yield nn.Linear(shape[0], options["units"])
        case "Conv2D":
            if options["padding"] != "valid":
                raise SystemExit("eager.py knows convolutions without padding only")
            yield nn.Conv2d(shape[0], options["filters"], tuple(options["kernel_size"]))
        case "MaxPooling2D":
            yield nn.MaxPool2d(tuple(options["pool_size"]), tuple(options["strides"]))
        case "BatchNormalization" if len(shape) == 1:
            yield nn.BatchNorm1d(shape[0], options["epsilon"], 1 - options["momentum"])
        case "BatchNormalization":
            rows = options["axis"] in (1, [1])
            norm = nn.BatchNorm2d(shape[1 if rows else 0], options["epsilon"], 1 - options["momentum"])
            yield AlongRows(norm) if rows else norm
        case "Dropout":
            yield nn.Dropout(options["rate"])
        case "Flatten":
            yield nn.Flatten()
        case "Activation":
            pass
        case _:
            raise SystemExit(f"eager.py knows no {kind}")
    if options.get("activation") in ACTIVATIONS:
        yield ACTIVATIONS[options["activation"]]()


def main() -> None:
    job = json.loads(sys.stdin.readline())
    folder, batch, steps = Path(job["data"]), job["batch_size"], job["steps"]
    torch.manual_seed(1)
    images = torch.tensor(np.load(folder / "train_images.npy", mmap_mode="r")[: steps * batch])
    images = images.permute(0, 3, 1, 2).float().div(255).contiguous()
    labels = torch.tensor(np.load(folder / "train_labels.npy")[: steps * batch].astype(np.int64))
    held_out = torch.tensor(np.load(folder / "train_images.npy", mmap_mode="r")[-job["validation"] :])
    held_out = held_out.permute(0, 3, 1, 2).float().div(255).contiguous()
    model = network(job["config"])
    parameters = sum(weight.numel() for weight in model.parameters())
    assert parameters == job["trainable"], f"{parameters} parameters, Keras has {job['trainable']}"
    optimizer = torch.optim.SGD(model.parameters(), job["learning_rate"], momentum=0.9, nesterov=True)
    loss_of = nn.CrossEntropyLoss()
    precision = torch.autocast("cpu", torch.bfloat16, enabled=job["precision"] == "bfloat16")

    def epoch() -> None:
        model.train()
        right = torch.zeros((), dtype=torch.int64)
        for chosen in torch.randperm(len(labels)).split(batch):
            optimizer.zero_grad()
            with precision:
                scores = model(images[chosen])
                loss = loss_of(scores, labels[chosen])
            loss.backward()
            optimizer.step()
            right += (scores.argmax(1) == labels[chosen]).sum()

    def validate() -> None:
        model.eval()
        with torch.no_grad(), precision:
            for part in held_out.split(batch):
                model(part)

    print(json.dumps({"ready": True}), flush=True)
    for _ in sys.stdin:
        began = time.perf_counter()
        epoch()
        trained = time.perf_counter()
        validate()
        told = {"train": trained - began, "validate": time.perf_counter() - trained}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
