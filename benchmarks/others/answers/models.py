"""Networks as other courses build them."""

from keras import Input, Model, Sequential, layers


def vgg(input_shape, classes):
    """Build three blocks of two convolutions, behind an augmentation that is part of the model."""
    network = [Input(input_shape), layers.RandomFlip("horizontal"), layers.RandomTranslation(0.1, 0.1)]
    for filters in (32, 64, 128):
        for _ in range(2):
            network += [
                layers.Conv2D(filters, 3, padding="same", activation="relu"),
                layers.BatchNormalization(),
            ]
        network += [layers.MaxPooling2D(), layers.Dropout(0.25)]
    network += [layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dropout(0.5)]
    return Sequential([*network, layers.Dense(classes, activation="softmax")])


def _unit(images, filters, strides=1):
    images = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(images)
    return layers.BatchNormalization()(images)


def resnet(input_shape, classes):
    """Build a ResNet of six residual blocks."""
    inputs = Input(input_shape)
    images = layers.ReLU()(_unit(inputs, 16))
    for filters, strides in ((16, 1), (16, 1), (32, 2), (32, 1), (64, 2), (64, 1)):
        before = images if strides == 1 else layers.Conv2D(filters, 1, strides=strides)(images)
        behind = layers.ReLU()(_unit(images, filters, strides))
        images = layers.ReLU()(layers.Add()([before, _unit(behind, filters)]))
    outputs = layers.Dense(classes, activation="softmax")(layers.GlobalAveragePooling2D()(images))
    return Model(inputs, outputs)


def tutorial(input_shape, classes):
    """Build the first network of Keras's own tutorial."""
    return Sequential(
        [
            Input(input_shape),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.2),
            layers.Dense(classes, activation="softmax"),
        ]
    )


def lstm(input_shape, classes):
    """Build a recurrent network that reads an image row by row."""
    rows, columns, _ = input_shape
    return Sequential(
        [
            Input(input_shape),
            layers.Reshape((rows, columns)),
            layers.LSTM(64),
            layers.Dense(classes, activation="softmax"),
        ]
    )
