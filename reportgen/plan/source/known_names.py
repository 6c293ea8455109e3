"""Names of Python's builtins and of libraries that matter to freshness.

Dotted names are prefixes; ``tensorflow.keras`` counts as ``keras``.
"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def plain(name: str) -> str:
    """Return the dotted name of a library's thing under which it stands in this vocabulary."""
    return name.removeprefix("tensorflow.") if name.startswith("tensorflow.keras") else name


# Decorators that leave nothing behind but what they decorate, and libraries whose classes keep no list of
# those that are derived from them.
PURE_DECORATORS = frozenset(
    _words(
        """staticmethod classmethod property contextlib.contextmanager dataclasses.dataclass functools.cache
        functools.lru_cache functools.wraps tensorflow.function typing.override"""
    )
)
PLAIN_BASES = _words("abc. enum. keras. tensorflow. typing.")
# Special names that change nothing in an expression that calls nothing.
CALLED = frozenset(
    _words(
        """__init__ __call__ __post_init__ __enter__ __exit__ __repr__ __str__ __all__ __version__ __author__
        __slots__"""
    )
)

# By which code reaches names that do not stand in it …
DYNAMIC_NAMES = frozenset(
    _words(
        """eval exec compile globals locals vars dir __import__ getattr setattr delattr __builtins__
        f_globals f_locals"""
    )
)
DYNAMIC = _words(
    """builtins ctypes dill gc keras.models.clone_model keras.saving.deserialize keras.saving.get_
    keras.utils.deserialize keras.utils.get_ pickle sys types typing.get_type_hints"""
)
# … and its own text, comments included.
TEXT_NAMES = frozenset(_words("__doc__ __loader__ __spec__"))
TEXT = _words("importlib inspect linecache runpy tokenize")

# What the description of a built Keras model shows, so that calling it hides nothing, and what it does not.
DESCRIBED = _words(
    """keras.Input keras.Model keras.Sequential keras.activations. keras.constraints. keras.initializers.
    keras.layers. keras.models.Model keras.models.Sequential keras.ops. keras.regularizers.
    collections. functools.partial functools.reduce itertools. math. numpy. operator. typing."""
)
CONSTANTS = frozenset(
    _words(
        """math.e math.inf math.nan math.pi math.tau numpy.e numpy.float16 numpy.float32 numpy.float64
        numpy.inf numpy.int32 numpy.int64 numpy.nan numpy.newaxis numpy.pi numpy.uint8"""
    )
)
UNDESCRIBED = _words("keras.layers.Lambda keras.layers.Layer keras.Layer numpy.random numpy.set")
UNDESCRIBED_ATTRIBUTES = frozenset(_words("add_loss add_metric add_update compile"))
