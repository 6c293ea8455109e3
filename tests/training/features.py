"""Features of Keras, each in a small model of digits: what people write, and what is easily got wrong.

A feature is the body of ``net(input_shape, classes)``, perhaps with definitions before it, and what its
training declares otherwise. `SAME` ones are held against Keras's own ``fit`` and ``evaluate``; `REFUSED`
ones end in an error, before the first epoch, that says what is expected here.
"""
# ruff: noqa: E501 - one feature a line

from dataclasses import dataclass, field
from typing import Any

from reportgen.report.training_parameters import Component as C

HEAD = """
import numpy as np
import tensorflow as tf
import keras
from keras import Input, Model, Sequential, layers, ops

"""
BEGIN = "Input(input_shape), "
END = 'layers.Flatten(), layers.Dense(classes, activation="softmax")'


@dataclass(frozen=True)
class Feature:
    """A body, definitions before it, and fields of the training that differ."""

    body: str
    before: str = ""
    training: dict[str, Any] = field(default_factory=dict)
    exact: bool = True  # weights are compared; where the gradient is noise to the optimizer, losses only

    @property
    def source(self) -> str:
        body = "\n    ".join(self.body.splitlines())
        return f"{HEAD}{self.before}\n\ndef net(input_shape, classes):\n    {body}\n"


def stack(layers: str, before: str = "", **training: Any) -> Feature:
    """Return a Sequential of some layers between input and softmax."""
    return Feature(f"return Sequential([{BEGIN}{layers}, {END}])", before, training)


def functional(between: str, before: str = "", **training: Any) -> Feature:
    """Return a functional model; `between` makes y from x."""
    last = 'return Model(x, layers.Dense(classes, activation="softmax")(layers.Flatten()(y)))'
    return Feature(f"x = Input(input_shape)\n{between}\n{last}", before, training)


PLAIN = stack("layers.Conv2D(4, 3, activation='relu'), layers.MaxPooling2D(2)")
NORMAL = stack("layers.Conv2D(4, 3, use_bias=False), layers.BatchNormalization(), layers.ReLU()")


def trained(**training: Any) -> Feature:
    """Return a plain model that is trained otherwise."""
    return Feature(PLAIN.body, "", training)


def optimized(name: str, rate: float, **arguments: Any) -> Feature:
    return Feature(NORMAL.body, "", {"optimizer": C(name, arguments), "learning_rate": rate})


OPTIMIZERS = {
    "SGD": optimized("SGD", 0.05),
    "momentum": optimized("SGD", 0.05, momentum=0.9),
    "Nesterov": optimized("SGD", 0.05, momentum=0.9, nesterov=True),
    "weight decay": optimized("SGD", 0.05, momentum=0.9, weight_decay=0.01),
    "clipnorm": optimized("SGD", 0.05, clipnorm=0.1),
    "clipvalue": optimized("SGD", 0.05, clipvalue=0.01),
    "global clipnorm": optimized("SGD", 0.05, momentum=0.9, global_clipnorm=0.2),
    "averaged weights": optimized("SGD", 0.05, use_ema=True, ema_momentum=0.5),
    "accumulated gradients": optimized("SGD", 0.05, gradient_accumulation_steps=2),
    "scaled loss": optimized("SGD", 0.05, momentum=0.9, loss_scale_factor=128.0),
    "Adam": optimized("Adam", 0.003),
    "AMSGrad": optimized("adam", 0.003, amsgrad=True),  # its name in small letters
    "AdamW": optimized("AdamW", 0.003, weight_decay=0.01),
    "RMSprop": optimized("RMSprop", 0.003, momentum=0.5, centered=True),
    "Lion": optimized("Lion", 0.0003),
    "Adagrad": optimized("Adagrad", 0.05),
    "Ftrl": optimized("Ftrl", 0.05),
    "wide, momentum": stack("layers.Flatten(), layers.Dense(2048, activation='tanh')"),
    "wide, Adam": stack("layers.Flatten(), layers.Dense(2048)", optimizer=C("Adam"), learning_rate=0.001),
    "schedule by function": Feature(
        NORMAL.body,
        "def falling(step, total):\n    return 0.1 * (1 - step / total)",
        {"learning_rate": "falling"},
    ),
    "schedule of Keras": Feature(
        NORMAL.body,
        "falling = keras.optimizers.schedules.CosineDecay(0.1, 14)",
        {"learning_rate": "falling"},
    ),
}
LOSSES = {
    "cross-entropy": trained(),
    "label smoothing": trained(loss=C("CategoricalCrossentropy", {"label_smoothing": 0.1})),
    "sparse cross-entropy": trained(loss=C("sparse_categorical_crossentropy")),
    "focal": trained(loss=C("categorical_focal_crossentropy")),
    "binary cross-entropy": trained(loss=C("binary_crossentropy")),
    "binary focal": trained(loss=C("binary_focal_crossentropy")),
    "hinge": trained(loss=C("categorical_hinge")),
    "squared error": trained(loss=C("mse")),
    "absolute error": trained(loss=C("mean_absolute_error")),
    "divergence": trained(loss=C("KLDivergence")),
    "cosine": trained(loss=C("cosine_similarity")),
    "Dice": trained(loss=C("dice")),
    "Tversky": trained(loss=C("Tversky", {"alpha": 0.3})),
    "Dice of sigmoids": Feature(
        PLAIN.body.replace("softmax", "sigmoid"), "", {"loss": C("dice"), "learning_rate": 0.02}
    ),
    "sum": trained(loss=C("categorical_crossentropy", {"reduction": "sum"}), learning_rate=0.002),
    "no reduction": trained(loss=C("categorical_crossentropy", {"reduction": "none"}), learning_rate=0.002),
    "logits": Feature(
        PLAIN.body.replace(', activation="softmax"', ""),
        "",
        {"loss": C("categorical_crossentropy", {"from_logits": True})},
    ),
    "own": Feature(
        PLAIN.body,
        "def own(true, predicted):\n    return -ops.sum(true * ops.log(predicted + 1e-7), axis=-1)",
        {"loss": C("own")},
    ),
    "own of all the batch": Feature(
        PLAIN.body,
        "def own(true, predicted):\n"
        "    return ops.mean((true - predicted) ** 2) - 0.1 * ops.var(ops.mean(predicted, axis=0))",
        {"loss": C("own")},
    ),
    "own class": Feature(
        PLAIN.body,
        "class Own(keras.losses.Loss):\n    def call(self, true, predicted):\n"
        "        return ops.sum((true - predicted) ** 2, axis=-1)",
        {"loss": C("Own")},
    ),
    "sure and wrong": Feature(
        "return Sequential([Input(input_shape), layers.Flatten(), layers.Rescaling(2000.0),"
        " layers.Dense(classes, activation='softmax')])",
        "",
        {"learning_rate": 1e-7},
    ),
}
METRICS = {
    "metrics": trained(
        metrics=(
            "accuracy",
            "AUC",
            "Precision",
            "recall",
            "F1Score",
            "TopKCategoricalAccuracy",
            "categorical_crossentropy",
            "mse",
        )
    )
}
KINDS: dict[str, tuple[str, ...]] = {
    "that reshape": (
        "Conv2DTranspose(3, 3)",
        "ZeroPadding2D(1)",
        "Cropping2D(1)",
        "UpSampling2D(2)",
        "AveragePooling2D(2)",
        "Permute((2, 1, 3))",
        "Rescaling(2.0, offset=-1.0)",
    ),
    "that convolve": (
        "DepthwiseConv2D(3)",
        "SeparableConv2D(4, 3)",
        "SpectralNormalization(layers.Conv2D(3, 3))",
        "TimeDistributed(layers.Dense(3))",
        "EinsumDense('bhwc,cd->bhwd', output_shape=(2, 2, 3))",
    ),
    # Alone: one behind the other, they enlarge what rounding does.
    "LayerNormalization": ("LayerNormalization()",),
    "GroupNormalization": ("GroupNormalization(groups=1)",),
    "UnitNormalization": ("UnitNormalization()",),
    "that activate": (
        "PReLU()",
        "LeakyReLU(0.1)",
        "ELU()",
        "Lambda(lambda x: x * 0.5)",
        "Softmax(axis=2)",
    ),
    "that take means": (
        "Conv2D(4, 3, strides=2, padding='same', dilation_rate=1, groups=1)",
        "GlobalAveragePooling2D()",
    ),
    "that take maxima": ("GlobalMaxPooling2D()",),
}
LAYERS = {
    f"layers {name}": stack(", ".join(f"layers.{text}" for text in texts)) for name, texts in KINDS.items()
} | {
    "recurrent": stack("layers.Reshape((8, 8)), layers.LSTM(6)"),
    "bidirectional": stack("layers.Reshape((8, 8)), layers.Bidirectional(layers.GRU(4))"),
    "attention": functional("h = layers.Reshape((8, 8))(x)\ny = layers.MultiHeadAttention(2, 4)(h, h)"),
    "embedding": stack(
        "layers.Flatten(), layers.Rescaling(15.0), layers.Discretization([1., 5., 9.]), layers.Embedding(5, 3)"
    ),
    "moments frozen": stack("layers.Conv2D(4, 3), layers.BatchNormalization(trainable=False)"),
    "moments of rows": stack("layers.Conv2D(4, 3), layers.BatchNormalization(axis=1)"),
    "moments of dense": stack(
        "layers.Flatten(), layers.Dense(8, use_bias=False), layers.BatchNormalization()"
    ),
    "moments, everything of one's own": stack(
        "layers.Conv2D(4, 3), layers.BatchNormalization(momentum=0.5, gamma_initializer=own, beta_regularizer="
        "keras.regularizers.L2(0.01), gamma_constraint=Near())",
        "def own(shape, dtype=None):\n    return ops.ones(shape, dtype) * 0.7\n\n\n"
        "class Near(keras.constraints.Constraint):\n    def __call__(self, w):\n        return ops.clip(w, 0.5, 0.8)",
    ),
    "activation layer in a layer": stack("layers.Conv2D(4, 3, activation=layers.PReLU())"),
    "function called as Keras's": stack(
        "layers.Conv2D(4, 3, activation=relu)", "def relu(x):\n    return x * 0.3"
    ),
    "penalties": stack(
        "layers.Conv2D(4, 3, kernel_regularizer='l2', bias_regularizer='l1', activity_regularizer='l2')"
    ),
    "orthogonal penalty": stack(
        "layers.Conv2D(4, 3, kernel_regularizer=Own())",
        "class Own(keras.regularizers.Regularizer):\n    def __call__(self, w):\n        return 0.01 * ops.sum(w ** 2)",
    ),
    "constraints": stack("layers.Conv2D(4, 3, kernel_constraint='unit_norm', bias_constraint='non_neg')"),
    "looks at the others": stack("layers.Lambda(lambda x: x - ops.mean(x, axis=0, keepdims=True))"),
    "float64 layer": stack("layers.Conv2D(4, 3, dtype='float64')"),
    "float16 layer": stack("layers.Conv2D(4, 3, dtype='float16')"),
}
GRAPHS = {
    "a pooling used twice": functional(
        "pool = layers.MaxPooling2D(2)\nb = layers.BatchNormalization()(layers.Conv2D(4, 3, padding='same')(x))\n"
        "r = layers.Activation('relu')(b)\nc = layers.Conv2D(4, 3, padding='same')(pool(r))\n"
        "y = pool(layers.BatchNormalization()(c))"
    ),
    "an activation used twice": functional(
        "act = layers.Activation('relu')\nb = act(layers.BatchNormalization()(layers.Conv2D(4, 3)(x)))\n"
        "y = act(layers.MaxPooling2D(2)(layers.BatchNormalization()(layers.Conv2D(4, 3)(b))))"
    ),
    "a layer used twice": functional("c = layers.Conv2D(1, 3, padding='same')\ny = c(c(x))"),
    "cut out of a larger model": Feature(
        "base = Sequential([Input(input_shape), layers.Conv2D(4, 3), layers.BatchNormalization(),"
        " layers.Activation('relu'), layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(7)])\n"
        "cut = Model(base.inputs, base.layers[-5].output)\n"
        f"return Model(cut.inputs, Sequential([{END}])(cut.output))"
    ),
    "popped": Feature(
        f"model = Sequential([{BEGIN}layers.Conv2D(4, 3), layers.BatchNormalization(),"
        " layers.Activation('relu'), layers.MaxPooling2D(2)])\n"
        f"model.pop()\nfor layer in [{END}]:\n    model.add(layer)\nreturn model"
    ),
    "encoder with skips": Feature(
        "x = Input(input_shape)\na = layers.Conv2D(4, 3, padding='same')(x)\n"
        "b = layers.Activation('relu')(layers.BatchNormalization()(a))\nc = layers.MaxPooling2D(2)(b)\n"
        "encoder = Model(x, [a, b, c])\nouts = encoder(x)\n"
        "flat = layers.Concatenate()([layers.Flatten()(out) for out in outs])\n"
        "return Model(x, layers.Dense(classes, activation='softmax')(flat))"
    ),
    "residual": functional("a = layers.Conv2D(1, 3, padding='same')(x)\ny = x + ops.relu(a) * 0.5 - a"),
    "nested": functional(
        "y = Sequential([layers.Conv2D(3, 3), layers.BatchNormalization(), layers.ReLU()])(x)"
    ),
    "frozen, one layer not": Feature(
        f"model = Sequential([{BEGIN}layers.Conv2D(4, 3), {END}])\nmodel.trainable = False\n"
        "model.layers[-1].trainable = True\nreturn model"
    ),
    "a weight that is not trained": Feature(
        f"model = Sequential([{BEGIN}layers.Conv2D(4, 3), {END}])\n"
        "model.layers[0].bias.trainable = False\nreturn model"
    ),
    "tied kernels": functional(
        "one = layers.Conv2D(1, 3, padding='same')\ny = Tied(one)(one(x))",
        "class Tied(layers.Layer):\n    def __init__(self, other):\n        super().__init__()\n"
        "        self.other = other\n\n    def call(self, x):\n"
        "        return ops.conv(x, self.other.kernel, padding='same')",
    ),
    "built by compile": Feature(
        f"model = Sequential([{BEGIN}layers.Conv2D(4, 3), {END}])\n"
        "model.compile('adam', 'mse', metrics=['mae'])\nreturn model"
    ),
}
OWN_LAYER = """
class Own(layers.Layer):
    def __init__(self, {arguments}**options):
        super().__init__(**options)
        {init}

    def build(self, shape):
        {build}

    def call(self, x, training=False):
        {call}
"""


def own(init: str, build: str, call: str, arguments: str = "", given: str = "") -> Feature:
    text = OWN_LAYER.format(arguments=arguments, init=init, build=build, call=call)
    return stack(f"Own({given})", text)


OWN_MODEL = """
class Net(keras.Model):
    def __init__(self, classes):
        super().__init__()
        self.conv, self.flat = layers.Conv2D(4, 3), layers.Flatten()
        self.last = layers.Dense(classes, activation="softmax")
        {init}

    def call(self, x, training=False):
        return self.last(self.flat(self.conv(x)))
{more}
"""


def model(init: str = "pass", more: str = "", **training: Any) -> Feature:
    return Feature("return Net(classes)", OWN_MODEL.format(init=init, more=more), training)


OWN = {
    "parts in self.layers": own(
        "self.layers = [layers.Conv2D(4, 3), layers.BatchNormalization()]",
        "pass",
        "for layer in self.layers:\n            x = layer(x, training=training) if 'batch' in layer.name else layer(x)\n        return x",
    ),
    "parts in a dict": own("self.parts = {'a': layers.Conv2D(4, 3)}", "pass", "return self.parts['a'](x)"),
    "forgets its argument": own("self.by = by", "pass", "return x * self.by", "by=1.0, ", "by=0.5"),
    "a raw weight": own(
        "pass", "self.w = self.add_weight(shape=(1,), initializer='ones')", "return x * self.w"
    ),
    "a scalar weight": own(
        "pass", "self.w = self.add_weight(shape=(), initializer='ones')", "return x * self.w"
    ),
    "a variable of Keras": own("self.w = keras.Variable(1.0)", "pass", "return x * self.w"),
    "counts its calls": own(
        "pass",
        "self.n = self.add_weight(shape=(), initializer='zeros', trainable=False)",
        "self.n.assign_add(1.0 if training else 0.0)\n        return x + 0.01 * self.n",
    ),
    "a variable outside": stack(
        "layers.Lambda(lambda x: x * outside)", "outside = tf.Variable(0.5, trainable=False)"
    ),
    "a penalty in call": own("pass", "pass", "self.add_loss(ops.mean(x ** 2))\n        return x"),
    "a model with a weight of its own": functional(
        "y = Inner()(x)",
        "class Inner(keras.Model):\n    def __init__(self):\n        super().__init__()\n"
        "        self.conv = layers.Conv2D(3, 3)\n        self.w = self.add_weight(shape=(1,), initializer='ones')\n\n"
        "    def call(self, x):\n        return self.conv(x) * self.w",
    ),
    "an own model": model(),
    "an own model with an unused layer": model("self.unused = layers.Dense(3)"),
    "an own model of weights alone": Feature(
        "return Net(classes)",
        "class Net(keras.Model):\n    def __init__(self, classes):\n        super().__init__()\n"
        "        self.w = self.add_weight(shape=(64, classes), initializer='glorot_uniform')\n\n"
        "    def call(self, x):\n        return ops.softmax(ops.reshape(x, (-1, 64)) @ self.w)",
    ),
    "train_step": model(
        more="""
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(x=x, y=y, y_pred=self(x, training=True)) * 3.0
        self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
        for metric in self.metrics:
            metric.update_state(loss) if metric.name == "loss" else metric.update_state(y, self(x))
        return {m.name: m.result() for m in self.metrics}
""",
        learning_rate=0.02,
    ),
    "compute_loss": model(
        more="""
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return 10 * super().compute_loss(x, y, y_pred, sample_weight, training)
""",
        learning_rate=0.005,
    ),
    "test_step": model(
        more="""
    def test_step(self, data):
        x, y = data
        y_pred = self(x, training=False)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(5.0 + keras.losses.categorical_crossentropy(y, y_pred))
            else:
                metric.update_state(y, y_pred)
        return {m.name: m.result() for m in self.metrics}
"""
    ),
    "adapted normalization": stack(
        "NORM", "NORM = layers.Normalization()\nNORM.adapt(np.random.default_rng(0).random((50, 8, 8, 1)))"
    ),
    "made at import": Feature(
        "return MODEL",
        "MODEL = Sequential([Input((8, 8, 1)), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(10, activation='softmax')])",
    ),
    "initializer made at import": stack(
        "layers.Conv2D(4, 3, kernel_initializer=INIT)", "INIT = keras.initializers.HeNormal()"
    ),
}
WEIGHTED = {
    "class weights": trained(class_weights={"3": 4.0, "0": 0.0, "7": 0.5}),
    "balanced classes": trained(class_weights="balanced", loss=C("sparse_categorical_crossentropy")),
}
ADAPTED = {
    "IntegerLookup": functional(
        "y = layers.IntegerLookup()(ops.cast(layers.Flatten()(x) * 5, 'int32'))\ny = layers.Embedding(9, 2)(y)"
    ),
    "Normalization": stack("layers.Normalization(), layers.Conv2D(4, 3, activation='relu')"),
    "Normalization of each value": functional(
        "y = layers.Normalization()(layers.Flatten()(layers.Rescaling(4.0)(x)))\ny = layers.Reshape((64, 1))(y)"
    ),
    "two Normalizations": stack(
        "layers.Normalization(), layers.AveragePooling2D(2), layers.Normalization(axis=None)"
    ),
    "Normalization with its mean": stack("layers.Normalization(mean=0.3, variance=0.1)"),
    "Discretization": functional(
        "y = layers.Discretization(num_bins=4)(layers.Flatten()(x))\ny = layers.Embedding(5, 2)(y)"
    ),
}
SAME: dict[str, Feature] = {
    **OPTIMIZERS,
    **LOSSES,
    **METRICS,
    **LAYERS,
    **GRAPHS,
    **OWN,
    **WEIGHTED,
    **ADAPTED,
}
REFUSED: dict[str, tuple[Feature, str]] = {
    "two outputs": (
        Feature(
            "x = Input(input_shape)\ny = layers.Dense(classes)(layers.Flatten()(x))\nreturn Model(x, [y, y])"
        ),
        "gives a list of 2 outputs, not one probability",
    ),
    "a dict": (
        Feature(
            "x = Input(input_shape)\ny = layers.Dense(classes)(layers.Flatten()(x))\nreturn Model(x, {'a': y})"
        ),
        "gives a dict of 1 output,",
    ),
    "one unit too many": (Feature(PLAIN.body.replace("classes", "classes + 1")), "not one probability"),
    "no probabilities": (
        Feature(PLAIN.body.replace(', activation="softmax"', "")),
        "which is not a probability",
    ),
    "a class that there is not": (trained(class_weights={"cat": 2.0}), "there is no class 'cat'"),
    "Normalization in a model": (
        stack("Sequential([Input(input_shape), layers.Normalization()])"),
        r"normalization \(Normalization\) can't be adapted inside of another model",
    ),
    "TextVectorization": (
        stack(
            "layers.Flatten(), layers.TextVectorization(9, output_sequence_length=4), layers.Embedding(9, 2)"
        ),
        r"\(TextVectorization\) takes text, and the inputs are numbers",
    ),
    "StringLookup": (
        stack("layers.StringLookup()"),
        r"\(StringLookup\) takes text, and the inputs are numbers",
    ),
    "metric with arguments": (trained(metrics=("accuracy", "MeanIoU")), "num_classes"),
    "metric that there is not": (trained(metrics=("beauty",)), "no metric called beauty"),
    "loss that there is not": (trained(loss=C("beauty")), "no loss called beauty"),
    "loss of something else": (trained(loss=C("ctc")), "loss ctc"),
    "optimizer that there is not": (trained(optimizer=C("Momentum")), "no optimizer called Momentum"),
    "optimizer with arguments": (trained(optimizer=C("LossScaleOptimizer")), "inner_optimizer"),
    "two learning rates": (trained(optimizer=C("Adam", {"learning_rate": 0.1})), "learning rate is also set"),
    "hidden randomness": (
        stack("layers.Lambda(lambda x: x + tf.random.uniform(tf.shape(x)))"),
        "RandomUniform",
    ),
    "calls Python": (
        Feature(
            PLAIN.body,
            "def odd(images, seed):\n    return tf.numpy_function(lambda x: x, [images], tf.float32)",
            {"augmentation": "odd"},
        ),
        "PyFunc",
    ),
    "compile of another kind": (
        model(more="    def compile(self, first, second):\n        super().compile(first)\n"),
        "compile\\(\\) of Net takes other arguments",
    ),
    "train_step without a loss": (
        model(more="    def train_step(self, data):\n        return {}\n"),
        "train_step\\(\\) of Net gives no loss",
    ),
    "exits": (Feature("import sys; sys.exit()"), "raised SystemExit"),
}
