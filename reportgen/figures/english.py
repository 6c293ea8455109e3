"""English words of figures."""

from reportgen.figures.words import Words
from reportgen.language import numbers

ENGLISH = Words(
    numbers=numbers.ENGLISH,
    epoch="epoch",
    epochs=("{n} epoch", "{n} epochs"),
    loss="loss",
    accuracy_axis="accuracy, %",
    training="training",
    validation="validation",
    true_class="true class",
    predicted_class="predicted class",
    test_accuracy="Test accuracy {accuracy}",
    matrix_of_seed="Test images, seed {seed}",
    mean_of_seeds="{title}, mean of {runs} seeds",
    of_seed="with seed {seed} ",
    with_required="{accuracy} ({required} is required)",
    falls="falls from {first} to {last}",
    rises="rises from {first} to {last}",
    stays="is {last}",
    diverges="diverges",
    falls_then_rises="falls from {first} to {best} at epoch {epoch}, then rises to {last}",
    rises_then_falls="rises from {first} to {best} at epoch {epoch}, then falls to {last}",
    alt_curves=(
        "training loss {loss_curve}, validation loss {val_loss_curve}; training accuracy "
        "{accuracy_curve}, validation accuracy {val_accuracy_curve}"
    ),
    alt_evaluation="{title}, {epochs}: {curves}. Test accuracy {accuracy};",
    alt_confused="most confused: {pairs}.",
    alt_flawless="no test image is classified wrongly.",
    confused="{true} taken for {predicted}, {count}",
    caption_evaluation=(
        "{title}. Left: loss (logarithmic axis) and accuracy after each epoch, in training as means over the "
        "epoch; a ring marks the best epoch in validation, square and dot the finished model. Right: "
        "confusion matrix of the {count} test images."
    ),
    caption_seeds=(
        "Lines are means over {runs} seeds, bands reach from the lowest to the highest; the matrix is that "
        "of seed {seed}."
    ),
    caption_required="Dotted: the required test accuracy.",
    caption_shared="All models on this data set share these axes.",
    caption_no_counts=(
        "With {classes} classes there is no room for counts: white is none, the darkest blue {most}."
    ),
    parameters_axis="parameters",
    test_accuracy_axis="test accuracy, %",
    models=("{n} model", "{n} models"),
    alt_comparison=("Test accuracy and number of parameters of {count}, the most accurate first: {models}."),
    alt_compared="{title}, {accuracy} (95\u00a0% interval {lower} to {upper}), {parameters} parameters",
    caption_comparison=(
        "Test accuracy with its 95\u00a0% interval against the number of parameters (logarithmic axis)."
    ),
    caption_seed_mean="A model trained with several seeds shows their mean, and each of them as a dash.",
    caption_side_by_side="Marks that would cover each other are moved a little apart.",
    on_dataset="{title} ({dataset})",
    caption_dataset="Where no data set is named it is {dataset}.",
    recall="recall",
    precision="precision",
    overall="accuracy {accuracy}",
    share_axis="share of test images, %",
    never_predicted="never predicted",
    none_of_class="not in the test images",
    alt_per_class="{title}, recall and precision by class on the test images: {classes}.",
    alt_class="{name} {recall} and {precision}",
    caption_per_class=(
        "{title}. Recall: of the test images of a class, the share that is recognised. Precision: of the "
        "images taken for that class, the share that is one. Sorted by recall; the vertical line is the "
        "accuracy over all classes."
    ),
    caption_first_seed="Of {runs} seeds, seed {seed}.",
    caption_lowest="Shown are the {shown} of {classes} classes with the lowest recall.",
    true_is="true: {name}",
    above=">\u00a099.9\u00a0%",
    no_mistake="no mistakes",
    alt_mistakes="{title}, the {count} wrong answers on test images that the model is surest of: {mistakes}.",
    alt_mistake="{true} taken for {predicted} ({confidence})",
    alt_no_mistake="{title}: no test image is classified wrongly.",
    caption_mistakes=(
        "{title}. The {count} most confident of {errors} wrong answers on the test images: the class "
        "predicted with its probability, and the true class. Colours are reduced to {colours} per image."
    ),
    caption_no_mistake="{title}. The model makes no mistake on the test images.",
    parameters=("{n} parameter", "{n} parameters"),
    alt_architecture="{title}, {parameters}: {steps}.",
    alt_step="{layers} to {shape}",
    alt_skip="The output of {source} also goes to {target}.",
    caption_architecture=(
        "{title}, {parameters}. A block is the tensor that the layers named below it make, with its "
        "shape and their parameters. Its height is the side of the image, its width follows the "
        "logarithm of the number of channels; a vector is a bar, its height the logarithm of its length. "
        "Tinted: the layers have weights."
    ),
    caption_skips="Arcs are connections that pass layers by.",
    alt_learning_curves="Learning curves on the same axes. {models}",
    alt_of_model="{title}, {epochs}: {curves}.",
    caption_learning_curves=(
        "Loss (logarithmic axis) and accuracy after each epoch. Left: training, means over the epoch while "
        "the weights still move; squares are the finished models, with Dropout and augmentation off. Right: "
        "validation; a ring marks the best epoch, a dot the finished model."
    ),
    caption_bands="Lines are means over seeds and bands reach from the lowest to the highest.",
    minus="{one} minus {other}",
    taken="{true} taken for {predicted}",
    nothing="none",
    alt_difference=(
        "Confusion matrix of {one} minus that of {other}, in test images. More often right: {more}. Less "
        "often right: {less}."
    ),
    alt_difference_confused="More often confused: {more}. Less often confused: {less}.",
    caption_difference=(
        "Confusion matrix of {one} minus that of {other}, in test images: blue and plus where there are "
        "more, rust and minus where there are fewer. The outlined diagonal holds the right answers."
    ),
    caption_difference_seeds="Means over {runs} and {others} seeds, rounded.",
    caption_no_differences="With {classes} classes there is no room for numbers: the darkest is {most}.",
    seeds=("{n} seed", "{n} seeds"),
    seeds_mean="{accuracy}, {seeds}",
    minus_first="minus {first}, points",
    difference_with_interval="{difference} ({lower} to {upper})",
    alt_by_seed="Test accuracy by seed: {models}. Differences with 95\u00a0% intervals: {differences}.",
    alt_seeds="{title} {mean} in the mean ({seeds})",
    alt_differs="{title} minus {first} {difference} points ({lower} to {upper})",
    caption_by_seed=(
        "Left: test accuracy of each seed as a ring, their mean as a line. Right: the mean minus that of "
        "{first}, with its 95\u00a0% interval."
    ),
    caption_one_seed=(
        "With one seed each the interval speaks of these networks, not of another training of them."
    ),
    images=("{n} training image", "{n} training images"),
    alt_samples="{title}, {each} of each class: {classes}.",
    caption_samples=("{title}: the first {each} of each class. Colours are reduced to {colours} per image."),
    caption_first_classes="Shown are the first {shown} of {classes} classes.",
    image_itself="image",
    augmented_by="augmented by {name}",
    alt_augmented="{title}, {images} ({classes}), each beside {versions} versions of it by {function}.",
    caption_augmented=(
        "{title}. Training images, and {versions} versions of each as {function} makes them in training. "
        "Colours are reduced to {colours} per image."
    ),
    learning_rate="learning rate",
    alt_learning_rate="{title}, {epochs}: the learning rate {course}.",
    caption_learning_rate="{title}. Learning rate at the end of each epoch.",
    accuracy="accuracy",
    time="time",
    weights="parameters",
    alt_efficiency=(
        "Test accuracy, training time and parameters of {count}, the most accurate first: {models}."
    ),
    alt_row="{title}, {accuracy}, {seconds}, {parameters} parameters",
    caption_efficiency=(
        "Test accuracy with its 95\u00a0% interval, wall time of a training on the machine that it ran on, "
        "and number of parameters; the most accurate model first. Time and parameters on logarithmic axes."
    ),
    caption_means="Accuracy and time are means over seeds.",
    confidence_axis="confidence, %",
    right_axis="right answers, %",
    answers_axis="share of answers, %",
    right_mean="accuracy {share}",
    sure_mean="mean confidence {share}",
    alt_reliability=(
        "{title}: mean confidence {confidence}, accuracy {accuracy}, expected calibration error {error}. "
        "Accuracy by confidence: {bins}."
    ),
    alt_bin="{accuracy} right at {confidence}",
    caption_reliability=(
        "{title}. Left: share of right answers on the test images against the probability given to the "
        "predicted class, in ten bins with 95\u00a0% intervals; on the dotted line the two are equal. Right: "
        "how many answers fall in each bin. Expected calibration error: {error}."
    ),
    caption_pooled=(
        "Answers of {runs} seeds together, with the intervals of one; the error is the mean of theirs."
    ),
    alt_filters=(
        "{title}, the {count} filters of its first convolution, {size} weights in {channels} channels."
    ),
    caption_filters=(
        "{title}. The {count} filters of the first convolution, {size} weights each: middle grey "
        "is zero, and each filter is scaled to its largest weight."
    ),
    caption_first_filters="Shown are the first {shown} of {count}.",
)
