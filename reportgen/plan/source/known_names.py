"""Names of Python's builtins and of libraries that matter to freshness.

Names of libraries are prefixes of dotted names; ``tensorflow.keras`` counts as ``keras``.
"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def plain(name: str) -> str:
    """Return the dotted name of a library's thing under which it stands in this vocabulary."""
    return name.removeprefix("tensorflow.") if name.startswith("tensorflow.keras") else name


# Calls at the top level of a module that change nothing but the name they are bound to.
PURE_BUILTINS = frozenset(
    _words(
        """abs bool bytes complex dict divmod float frozenset int isinstance len list max min pow range round
        set slice sorted str sum tuple"""
    )
)
PURE_CALLS = _words(
    "collections. dataclasses.field functools.partial keras.constraints. keras.regularizers. math."
)

# Decorators that leave nothing behind but the decorated function.
METHOD_DECORATORS = frozenset(_words("staticmethod classmethod property override"))
PURE_DECORATORS = _words(
    """contextlib.contextmanager dataclasses.dataclass functools.cache functools.lru_cache
    functools.singledispatch functools.total_ordering functools.wraps tensorflow.function typing."""
)
REGISTERING = _words("keras.saving.register_keras_serializable keras.utils.register_keras_serializable")

# Builtins and attributes by which code reaches names that do not stand in it …
DYNAMIC_NAMES = frozenset(
    _words("eval exec compile globals locals vars dir __import__ getattr setattr delattr __builtins__")
)
DYNAMIC_ATTRIBUTES = frozenset(
    _words(
        """__dict__ __globals__ __subclasses__ __code__ __closure__ __defaults__ __kwdefaults__ __name__
        __qualname__ __module__ __builtins__ __getattribute__ __setattr__ __annotations__ __mro__ __bases__
        f_globals f_locals"""
    )
)
DYNAMIC = _words(
    """builtins. ctypes. gc. keras.models.clone_model keras.saving.deserialize keras.saving.get_
    keras.utils.deserialize keras.utils.get_ sys. types. typing.get_type_hints"""
)

# … those by which it reads its own text, comments included …
TEXT_NAMES = frozenset(_words("__doc__ __loader__ __spec__"))
TEXT = _words("importlib. inspect. linecache. runpy. tokenize.")

# … and those by which libraries open files beneath Python, where the training process does not see it. What
# is opened by Python's own means is seen there, see `reads`.
BENEATH_NAMES = frozenset(_words("load_model load_weights"))
BENEATH = _words(
    """cv2. h5py. keras.layers.TFSMLayer keras.models.load_model keras.saving.load
    keras.utils.audio_dataset_from_directory keras.utils.image_dataset_from_directory
    keras.utils.text_dataset_from_directory pyarrow. sqlite3. tensorflow.data. tensorflow.io.
    tensorflow.train."""
)

# What a built Keras model tells of itself, so that calling it hides nothing, and what it does not tell.
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
UNDESCRIBED = _words("keras.layers.Lambda numpy.random numpy.set")
UNDESCRIBED_ATTRIBUTES = frozenset(_words("add_loss add_metric add_update compile"))

# Of a layer of the authors' own: what it may be derived from, and the methods that Keras itself calls.
LAYERS = frozenset(_words("keras.Layer keras.layers.Layer"))
METHODS = frozenset(_words("__init__ build call compute_output_shape"))
