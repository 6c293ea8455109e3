"""What changes the projection of a builder, and what does not."""
# ruff: noqa: E501 - one row a line

import pytest

from reportgen.errors import InputError
from reportgen.plan.source import quote
from tests.plan.conftest import Project

PLAIN = '''
"""Models."""
import math
import keras
from keras import Input, Sequential, layers

RATE = 0.2
WIDTHS = (32, 64)


def block(x, filters, rate=RATE):
    """Add one block."""
    x = layers.Conv2D(filters, 3)(x)  # a comment
    return layers.Dropout(rate)(x)


def head(classes):
    hidden = [layers.Dense(width) for width in WIDTHS if width > 1]
    return [*hidden, layers.Dense(classes, activation="softmax")]


def unused(x):
    return x


def build(shape, classes):
    """Build it."""
    inputs = keras.Input(shape)
    x = inputs
    for index, width in enumerate(WIDTHS):
        x = block(x, width)
    for layer in head(classes):
        x = layer(x)
    return keras.Model(inputs, x)
'''
SAME = {
    "comment": ("# a comment", "# another\n    # and more"),
    "docstring": ('"""Add one block."""', '"""Other words,\n\n    and more of them."""'),
    "docstring gone": ('    """Build it."""\n', ""),
    "module docstring": ('"""Models."""', ""),
    "formatting": ("layers.Dropout(rate)(x)", "layers.Dropout(\n        rate,\n    )(\n        x\n    )"),
    "quotes": ('activation="softmax"', "activation='softmax'"),
    "import order": ("import math\nimport keras\n", "import keras\nimport math\n"),
    "unused import": ("import math\n", "import math\nimport json\n"),
    "unused helper changed": ("def unused(x):\n    return x", "def unused(x):\n    return x + 1"),
    "unused helper gone": ("def unused(x):\n    return x\n", ""),
    "unused class": ("def unused(x):", "class Other(keras.layers.Layer):\n    rate = 3\n\n\ndef unused(x):"),
    "never entered": ("def unused(x):", "if __name__ == '__main__':\n    build(1, 2)\n\n\ndef unused(x):"),
    "pass": ("x = inputs", "pass\n    x = inputs"),
    "number spelt otherwise": ("0.2", ".20"),
    "moved": ("RATE = 0.2\nWIDTHS = (32, 64)\n", "WIDTHS = (32, 64)\nRATE = 0.2\n"),
}  # fmt: skip
# Edits that change nothing and are another source nevertheless: the built model decides.
IN_VAIN = {
    "import style": ("keras.Input(shape)", "Input(shape)"),
    "renamed local variable": ("hidden", "inner"),
    "renamed loop variable": ("width in enumerate(WIDTHS):\n        x = block(x, width)",
                              "each in enumerate(WIDTHS):\n        x = block(x, each)"),
    "renamed comprehension variable": ("layers.Dense(width) for width in WIDTHS if width > 1",
                                       "layers.Dense(w) for w in WIDTHS if w > 1"),
    "unused constant": ("RATE = 0.2", "RATE = 0.2\nOTHER = [1, 2, max(3, 4)]"),
    "annotations": ("def block(x, filters, rate=RATE):", "def block(x, filters: int, rate: float = RATE) -> object:"),
    "annotated local": ("x = inputs", "x: object = inputs"),
    "bare annotation": ("x = inputs", "y: int\n    x = inputs"),
    "global renamed": ("RATE", "SHARE"),
    "helper renamed": ("head(classes)", "top(classes)"),
    "builder renamed": ("def build(", "def other(", "other"),
}  # fmt: skip
DIFFERENT = {
    "constant": ("RATE = 0.2", "RATE = 0.3"),
    "type of a constant": ("RATE = 0.2", "RATE = '0.2'"),
    "int or float": ("WIDTHS = (32, 64)", "WIDTHS = (32.0, 64)"),
    "tuple or list": ("WIDTHS = (32, 64)", "WIDTHS = [32, 64]"),
    "order of values": ("(32, 64)", "(64, 32)"),
    "default argument": ("rate=RATE", "rate=0.1"),
    "helper": ("Conv2D(filters, 3)", "Conv2D(filters, 5)"),
    "other layer": ("layers.Conv2D", "layers.Conv2DTranspose"),
    "builder": ("keras.Model(inputs, x)", "keras.Model(x, inputs)"),
    "condition": ("width > 1", "width > 40"),
    "order of statements": ("inputs = keras.Input(shape)\n    x = inputs", "x = 1\n    inputs = keras.Input(shape)"),
    "swapped variables": ("block(x, width)", "block(x, index)"),
    "keyword": ('activation="softmax"', 'name="softmax"'),
    "parameter names": ("def block(x, filters, rate=RATE)", "def block(x, rate, filters=RATE)"),
    "rebound constant": ("def unused(x):", "RATE = 0.5\n\n\ndef unused(x):"),
    "changed in place": ("RATE = 0.2\n", "RATE = 0.2\nRATE *= 2\n"),
    "mutated constant": ("def unused(x):", "WIDTHS.append(3)\n\n\ndef unused(x):"),
    "effect of a call": ("RATE = 0.2\n", "RATE = 0.2\nkeras.utils.set_random_seed(3)\n"),
    "effect in an assignment": ("RATE = 0.2\n", "RATE = 0.2\n_ = keras.config.set_epsilon(1)\n"),
    "patched library": ("RATE = 0.2\n", "RATE = 0.2\nkeras.layers.Conv2D = None\n"),
    "shadowed name": ("x = inputs", "WIDTHS = (1,)\n    x = inputs"),
    "shadowed builtin": ("def unused(x):", "def enumerate(x):\n    return []\n\n\ndef unused(x):"),
    "another import": ("from keras import Input, Sequential, layers", "from tensorflow.keras import layers"),
    "helper redefined": ("def build(", "def head(classes):\n    return []\n\n\ndef build("),
    "conditional definition": ("def build(", "if RATE > 1:\n    RATE = 2\n\n\ndef build("),
    "rebound by a function": ("def unused(x):\n    return x", "def unused(x):\n    global RATE\n    RATE = 1"),
}  # fmt: skip


def edited(change: tuple[str, ...]) -> str:
    assert change[0] in PLAIN
    return PLAIN.replace(change[0], change[1])


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_the_same(project: Project, change: tuple[str, ...]) -> None:
    before = project(PLAIN)
    assert project(edited(change), *change[2:]).digest == before.digest
    assert before.described and not before.whole


@pytest.mark.parametrize("change", IN_VAIN.values(), ids=IN_VAIN)
def test_the_built_model_decides(project: Project, change: tuple[str, ...]) -> None:
    before, after = project(PLAIN), project(edited(change), *change[2:])
    assert after.digest != before.digest
    assert before.described and after.described


@pytest.mark.parametrize("change", DIFFERENT.values(), ids=DIFFERENT)
def test_different(project: Project, change: tuple[str, ...]) -> None:
    assert project(edited(change)).digest != project(PLAIN).digest


ORDER = ["RATE = 1\n", "RATE = 2\n", "WIDTH = RATE\n", "def build(a, b):\n    return WIDTH\n"]


def test_the_order_of_rebound_names_matters(project: Project) -> None:
    texts = {
        "".join(ORDER),
        "".join([ORDER[1], ORDER[0], ORDER[2], ORDER[3]]),
        "".join([ORDER[0], ORDER[2], ORDER[1], ORDER[3]]),
    }
    assert len({project(text).digest for text in texts}) == 3


def test_a_default_taken_between_two_values_is_told_apart(project: Project) -> None:
    parts = ["RATE = 1\n", "def helper(rate=RATE):\n    return rate\n", "RATE = 2\n"]
    end = "def build(a, b):\n    return helper()\n"
    assert (
        project("".join([*parts, end])).digest != project("".join([parts[0], parts[2], parts[1], end])).digest
    )


@pytest.mark.parametrize(
    "taken", ["A = list(IT)", "A = [x for x in IT]", "A, *_ = IT", "A = next(IT)", "def f(x=min(IT)):\n    return x",
              "class K:\n    a = max(IT)", "A = max([1], key=lambda x: next(IT))", "from helpers import TAKEN"],
)  # fmt: skip
@pytest.mark.parametrize(
    "source", ["iter((1, 2, 3))", "(x for x in (1, 2, 3))", "zip((1, 2, 3))", "helpers.SHARED"]
)
def test_an_unused_statement_that_takes_from_an_iterator_counts(
    project: Project, source: str, taken: str
) -> None:
    helpers = "SHARED = iter((1, 2, 3))\nTAKEN = 1\n"
    text = f"import helpers\nIT = {source}\n%sB = list(IT)\ndef build(s, c):\n    return B\n"
    without, with_ = project(text % "", helpers=helpers), project(text % f"{taken}\n", helpers=helpers)
    assert (without.digest == with_.digest) == (taken == "from helpers import TAKEN")
    changed = helpers.replace("TAKEN = 1", "TAKEN = next(SHARED)")
    assert project(text % f"{taken}\n", helpers=changed).digest != with_.digest


def test_a_function_that_rebinds_a_constant_counts(project: Project) -> None:
    text = "A = 1\ndef set():\n    global A\n    A = 2\ndef build(s, c):\n    set()\n    return A\n"
    assert project(text).digest != project(text.replace("A = 2", "A = 3")).digest
    hidden = "A = 1\ndef set():\n    global A\n    A = 2\ndef build(s, c):\n    return A\n"
    assert project(hidden).digest != project(hidden.replace("A = 2", "A = 3")).digest


def test_a_name_of_a_class_body_is_not_seen_in_its_methods(project: Project) -> None:
    text = "RATE = 1\nclass K:\n    RATE = RATE + 1\n    def m(self):\n        return RATE\ndef build(s, c):\n    return K()\n"
    assert project(text).digest != project(text.replace("RATE = 1\n", "RATE = 2\n", 1)).digest
    assert project(text).digest != project(text.replace("RATE + 1", "RATE + 2")).digest


MODULES = """
from keras import layers
from helpers import conv as c
import blocks.deep
def build(shape, classes):
    from late import LATE
    return c(blocks.deep.deep(LATE))
"""
HELPERS = {
    "helpers": "from base import WIDTH\ndef conv(x):\n    return x * WIDTH\ndef other():\n    return 1\n",
    "base": "WIDTH = 3\nUNUSED = 4\n",
    "blocks____init__": "",
    "blocks__deep": "from .inner import DEPTH\ndef deep(x):\n    return x + DEPTH\n",
    "blocks__inner": "DEPTH = 2\n",
    "late": "LATE = 1\n",
    "stranger": "X = 1\n",
}


def test_modules_beside_are_followed(project: Project) -> None:
    before = project(MODULES, **HELPERS)
    assert {each.path for each in quote.definitions(before)} == {
        "models.py", "helpers.py", "base.py", "blocks/deep.py", "blocks/inner.py", "late.py"
    }  # fmt: skip
    for name, old, new in [
        ("base", "WIDTH = 3", "WIDTH = 4"),
        ("helpers", "x * WIDTH", "x + WIDTH"),
        ("blocks__inner", "2", "3"),
        ("blocks____init__", "", "import keras\nkeras.config.set_epsilon(1)\n"),
        ("late", "1", "2"),
    ]:
        changed = {**HELPERS, name: HELPERS[name].replace(old, new)}
        assert project(MODULES, **changed).digest != before.digest, name
    for name, old, new in [
        ("base", "UNUSED = 4", "UNUSED = 5"),
        ("helpers", "return 1", "return 2"),
        ("stranger", "1", "2"),
    ]:
        changed = {**HELPERS, name: HELPERS[name].replace(old, new)}
        assert project(MODULES, **changed).digest == before.digest, name


def test_a_builder_from_a_factory_is_its_own(project: Project) -> None:
    text = "def closing(n):\n    def inner(s, c):\n        return n\n    return inner\n\nbuild = closing(3)\nother = closing(5)\n"
    before = project(text)
    assert project(text.replace("closing(3)", "closing(4)")).digest != before.digest
    # A call at the top level counts for every model.
    assert project(text.replace("closing(5)", "closing(6)")).digest != before.digest


def test_above_its_definition_a_name_is_the_builtin(project: Project) -> None:
    use, define, build = (
        "A = 1\nif sum([2]) > 1:\n    A = 3\n",
        "def sum(x):\n    return 0\n",
        "def build(s, c):\n    return A, sum(s)\n",
    )
    assert project(use + define + build).digest != project(define + use + build).digest


@pytest.mark.parametrize(
    "text",
    [
        "from helpers import conv\ndef build(s, c):\n    return conv(s)\n",
        "from helpers import conv as other\ndef build(s, c):\n    return other(s)\n",
        "import helpers\ndef build(s, c):\n    return helpers.conv(s)\n",
        "import helpers as h\ndef build(s, c):\n    return h.conv(s)\n",
        "def build(s, c):\n    from helpers import conv\n    return conv(s)\n",
        "from helpers import *\ndef build(s, c):\n    return conv(s)\n",
    ],
)
def test_a_helper_is_found_however_it_is_imported(project: Project, text: str) -> None:
    one, two = (project(text, helpers=f"def conv(x):\n    return x + {n}\n") for n in (1, 2))
    assert one.digest != two.digest
    assert not one.whole


UNDESCRIBED = {
    "class of another base": "class Mine(keras.layers.Dense):\n    pass\ndef build(s, c):\n    return Mine()",
    "class in a builder":
        "def build(s, c):\n    class Mine(keras.layers.Layer):\n        pass\n    return Mine()",
    "lambda": "def build(s, c):\n    return keras.layers.Dense(1, activation=lambda x: x)",
    "function as a value": "def act(x):\n    return x\ndef build(s, c):\n    return keras.layers.Dense(1, activation=act)",
    "nested function as a value":
        "def build(s, c):\n    def act(x):\n        return x\n    return keras.layers.Dense(1, activation=act)",
    "conditional nested function":
        "def build(s, c):\n    if c:\n        def act(x):\n            return x\n    return keras.layers.Dense(1, act)",
    "Lambda layer": "def build(s, c):\n    return keras.layers.Lambda(keras.ops.sin)",
    "library function as a value": "def build(s, c):\n    return keras.layers.Dense(1, activation=keras.ops.sin)",
    "unknown library": "import torch\ndef build(s, c):\n    return torch.nn.Linear(1)",
    "module as a value": "def build(s, c):\n    k = keras.layers\n    return k.Lambda(1)",
    "attribute set": "def build(s, c):\n    d = keras.layers.Dense(1)\n    d.call = 1\n    return d",
    "global setting": "def build(s, c):\n    keras.config.set_epsilon(1)\n    return keras.layers.Dense(1)",
    "global randomness": "import numpy\ndef build(s, c):\n    numpy.random.seed(1)",
    "hidden loss": "def build(s, c):\n    m = keras.Sequential([])\n    m.add_loss(1)\n    return m",
    "decorator": "def same(f):\n    return f\n@same\ndef build(s, c):\n    return 1",
    "registered, by string":
        "@keras.saving.register_keras_serializable()\ndef act(x):\n    return x\n"
        "def build(s, c):\n    return keras.layers.Dense(1, activation='act')",
}  # fmt: skip


@pytest.mark.parametrize("text", UNDESCRIBED.values(), ids=UNDESCRIBED)
def test_what_keras_can_not_describe(project: Project, text: str) -> None:
    assert not project(f"import keras\n{text}\n").described


DESCRIBED = {
    "nested function called":
        "def build(s, c):\n    def block(x):\n        return keras.layers.Dense(1)(x)\n    return block(keras.Input(s))",
    "frozen layer": "def build(s, c):\n    d = keras.layers.Dense(1)\n    d.trainable = False\n    return d",
    "partial": "from functools import partial\nConv = partial(keras.layers.Conv2D, padding='same')\n"
               "def build(s, c):\n    return Conv(3)(keras.Input(s))",
    "initializer": "def build(s, c):\n    return keras.layers.Dense(c, kernel_initializer=keras.initializers.Zeros)",
    "tensorflow": "import tensorflow as tf\ndef build(s, c):\n    return tf.keras.layers.Dense(c)",
}  # fmt: skip


@pytest.mark.parametrize("text", DESCRIBED.values(), ids=DESCRIBED)
def test_what_keras_describes_itself(project: Project, text: str) -> None:
    found = project(f"import keras\n{text}\n")
    assert found.described
    assert not found.whole


WHOLE = {
    "everything of a library": "from keras.layers import *\ndef build(s, c):\n    return Dense(c)",
    "getattr": "def build(s, c):\n    return getattr(keras.layers, s)(3)",
    "globals": "def build(s, c):\n    return globals()['helper'](3)",
    "eval": "def build(s, c):\n    return eval('helper')(3)",
    "exec": "def build(s, c):\n    exec('x = helper(1)')",
    "locals": "def build(s, c):\n    return locals()",
    "dynamic import": "import importlib\ndef build(s, c):\n    return importlib.import_module('models').helper",
    "own module": "import sys\ndef build(s, c):\n    return sys.modules['models'].helper",
    "module passed on": "import helpers\ndef build(s, c):\n    return str(helpers)",
    "one of two libraries": "if c:\n    import torch as t\nelse:\n    import jax as t\ndef build(s, c):\n    return t.x",
    "module by an attribute's name": "import operator, helpers\ndef build(s, c):\n    return operator.attrgetter('RATE')(helpers)",
    "pickle": "import pickle\ndef build(s, c):\n    return pickle.loads(s)",
    "globals of a function": "def build(s, c):\n    return build.__globals__['helper']",
    "subclasses": "class A:\n    pass\ndef build(s, c):\n    return A.__subclasses__()",
    "own text": "import inspect\ndef build(s, c):\n    return inspect.getsource(build)",
}


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_what_is_looked_up_at_run_time_takes_all_code(project: Project, text: str) -> None:
    text = f"import keras\n{text}\ndef helper(x):\n    return x\n"
    helpers = "RATE = 2\ndef another(x):\n    return x\n"
    before = project(text, helpers=helpers)
    assert before.whole and not before.described
    assert project(text.replace("return x\n", "return x + 1\n"), helpers=helpers).digest != before.digest
    if "helpers" in text:
        assert project(text, helpers=helpers.replace("2", "3")).digest != before.digest


def test_a_comment_does_not_count_even_where_all_code_does(project: Project) -> None:
    text = "def build(s, c):\n    return globals()['x']\n"
    assert project(text).digest == project(text.replace("\n", "  # why\n", 1)).digest


def test_a_comment_beside_code_that_reads_files_does_not_count(project: Project) -> None:
    text = "from pathlib import Path\ndef build(s, c):\n    return open(Path(__file__).parent / s).read()\n"
    assert project(text).digest == project("# why\n" + text).digest


EFFECTS = {
    "class body": "CFG = {}\nclass X:\n    CFG['u'] = 8",
    "annotation of a function": "def f(x: side(8)):\n    return x",
    "annotation of what it returns": "def f(x) -> side(8):\n    return x",
    "annotation of a name": "y: side(8) = 3",
    "annotation in a class": "class X:\n    y: side(8) = 3",
    "annotation of a method": "class X:\n    def y(self, x: side(8)):\n        return x",
    "partial as a decorator": "import functools\n@functools.partial(side, 8)\ndef f(x):\n    return x",
    "decorator with a builtin's beginning": "def property_of(f):\n    side(8)\n    return f\n@property_of\ndef f(x):\n    return x",
    "decorator with a builtin's name": "def property(f):\n    side(8)\n    return f\n@property\ndef f(x):\n    return x",
    "operator of its own": "class N:\n    def __add__(self, other):\n        side(8)\nN0 = N()\nN1 = N0 + 1",
    "operator by assignment": "def add(a, b):\n    side(8)\nclass N:\n    __add__ = add\nN0 = N()\nN1 = N0 + 1",
    "base of an unknown library": "import plugins\nclass P(plugins.Plugin):\n    rate = 8",
    "TYPE_CHECKING of its own": "TYPE_CHECKING = True\nif TYPE_CHECKING:\n    UNITS = 8",
}


@pytest.mark.parametrize("text", EFFECTS.values(), ids=EFFECTS)
def test_effects_while_the_module_runs_count(project: Project, text: str) -> None:
    side = "SEEN = []\ndef side(x, f=None):\n    SEEN.append(x)\n    return f\n"
    text = f"{side}{text}\ndef build(s, c):\n    return s\n"
    assert project(text).digest != project(text.replace("8", "9")).digest


def test_registration_by_a_decorator_of_ones_own_counts(project: Project) -> None:
    text = (
        "ALL = {}\ndef register(f):\n    ALL[f.x] = f\n    return f\n"
        "@register\ndef one():\n    return 1\ndef build(s, c):\n    return ALL[s]()\n"
    )
    assert project(text).digest != project(text.replace("return 1", "return 2")).digest


def test_subclass_hooks_count(project: Project) -> None:
    text = (
        "class Base:\n    all = []\n    def __init_subclass__(cls):\n        Base.all.append(cls)\n"
        "class One(Base):\n    rate = 1\ndef build(s, c):\n    return Base.all[0].rate\n"
    )
    assert project(text).digest != project(text.replace("rate = 1", "rate = 2")).digest


def test_the_code_is_printed_as_written(project: Project) -> None:
    code = quote.code(project(PLAIN))
    assert "# a comment" in code and '"""Add one block."""' in code
    assert "unused" not in code and "import" not in code
    assert code.index("RATE = 0.2") < code.index("def block") < code.index("def build")


def test_libraries_are_named(project: Project) -> None:
    text = (
        "import math\nimport numpy as np\nimport scipy\ndef build(s, c):\n    return np.prod(s) + math.pi\n"
    )
    assert project(text).libraries == ("numpy",)


@pytest.mark.parametrize(
    "expression", ["-" * 800 + "s", "s" + " + 1" * 800, "s" + "[0]" * 800, "(" * 300 + ")" * 300]
)
def test_deep_nesting_is_one_clear_error(project: Project, expression: str) -> None:
    with pytest.raises(InputError, match=r"models\.py.*(nested|parse|valid)"):
        project(f"def build(s, c):\n    return {expression}\n")
    assert project("def build(s, c):\n    return s" + " + 1" * 60 + "\n").digest
