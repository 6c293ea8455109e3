"""Known properties of the built-in data sets: names, splits, shapes and hashes.

Nothing here needs the arrays, so the plan can be made without them: `load` refuses any bytes that
do not match, whatever source they came from.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ARRAYS = ("train_images", "train_labels", "test_images", "test_labels")


@dataclass(frozen=True)
class Expected:
    """Shape of one uint8 array, and SHA-256 (hex) of its bytes in C order."""

    shape: tuple[int, ...]
    sha256: str


@dataclass(frozen=True)
class Published:
    """A built-in data set as its publishers made it.

    Attributes
    ----------
    classes : tuple of str
        Class names in label order.
    validation : int
        How many images at the end of the training images are held out.
    arrays : mapping of str to Expected
        One for each name of `ARRAYS`.
    loading : str
        Python that gets the same arrays without reportgen: x_train, y_train, x_test, y_test.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    validation: int
    arrays: Mapping[str, Expected]
    loading: str

    @property
    def fingerprint(self) -> str:
        """SHA-256 over shapes and contents of the four arrays."""
        return fingerprint_of((name, self.arrays[name]) for name in ARRAYS)


def fingerprint_of(arrays: Iterable[tuple[str, Expected]]) -> str:
    """Return the fingerprint of a data set whose arrays have these shapes and hashes."""
    digest = hashlib.sha256()
    for name, array in arrays:
        digest.update(f"{name} {'x'.join(map(str, array.shape))} {array.sha256}\n".encode())
    return digest.hexdigest()


def _digits(count: int) -> tuple[str, ...]:
    return tuple(map(str, range(count)))


CIFAR10 = Published(
    name="cifar10",
    title="CIFAR-10",
    classes=(
        "airplane",
        "automobile",
        "bird",
        "cat",
        "deer",
        "dog",
        "frog",
        "horse",
        "ship",
        "truck",
    ),
    validation=10_000,
    arrays={
        "train_images": Expected(
            (50_000, 32, 32, 3), "47af8b02cfcfb6cdf3dbbd1969ad7f1b70f4413f6f80f437b020ee4e5bc8304a"
        ),
        "train_labels": Expected(
            (50_000,), "2b7cd2f24487317614016b72ffd53071c3062f592f0eb300c18a770d41ae1253"
        ),
        "test_images": Expected(
            (10_000, 32, 32, 3), "f9b1e2130bab680db56eb06d886f7f1ad0f1183907ceff4659d1735c890f5b04"
        ),
        "test_labels": Expected(
            (10_000,), "cec8a24a1e92aa2ecaa0bbd3dbfa86bf6cd8759fbd209a832824c8cf0afca9d5"
        ),
    },
    loading="(x_train, y_train), (x_test, y_test) = keras.datasets.cifar10.load_data()",
)

MNIST = Published(
    name="mnist",
    title="MNIST",
    classes=_digits(10),
    validation=10_000,
    arrays={
        "train_images": Expected(
            (60_000, 28, 28, 1), "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757"
        ),
        "train_labels": Expected(
            (60_000,), "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13"
        ),
        "test_images": Expected(
            (10_000, 28, 28, 1), "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161"
        ),
        "test_labels": Expected(
            (10_000,), "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5"
        ),
    },
    loading="(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()",
)

DIGITS = Published(
    name="digits",
    title="Optical recognition of handwritten digits",
    classes=_digits(10),
    validation=240,
    arrays={
        "train_images": Expected(
            (1_437, 8, 8, 1), "38fc53a1fd050e57ea70acd5428c3ee26909483f1000af8d2ef2581ad173216b"
        ),
        "train_labels": Expected(
            (1_437,), "00d355536cfe54c3c5aaa1bbc756008bcc5ba7030407f225954ebda1d1ca46c9"
        ),
        "test_images": Expected(
            (360, 8, 8, 1), "1d537b00e1e8356c967972bd1f68f043ed35ac18d103d13d5d6f32c28a79c775"
        ),
        "test_labels": Expected((360,), "7a7a9acee298b8862700d7c2a0341a0ee3744e1369c9107a26149f5d0e61b304"),
    },
    loading="""\
from sklearn.datasets import load_digits

digits = load_digits()
images, labels = (digits.images * 15).astype(np.uint8), digits.target
x_train, x_test = images[:-360], images[-360:]
y_train, y_test = labels[:-360], labels[-360:]""",
)

BUILT_IN: Mapping[str, Published] = {each.name: each for each in (CIFAR10, MNIST, DIGITS)}
