"""Words of figures in English and Swedish.

A sentence that one language lacks is found by the type checker; a value that one doesn't name, by a test.
"""

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
        "{title}. Left: loss (logarithmic axis) and accuracy after each epoch; the training values are "
        "means over the epoch, while the weights still move. A ring marks the best epoch in validation; "
        "the square (training) and the dot (validation) at the last epoch are the finished model. Right: "
        "confusion matrix of the {count} test images."
    ),
    caption_seeds=(
        "Lines are means over {runs} seeds and bands reach from the lowest to the highest; the confusion "
        "matrix is that of seed {seed}."
    ),
    caption_required="The dotted line is the test accuracy that is required.",
    caption_shared="All models on this data set share the axes of loss and accuracy.",
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
)

SWEDISH = Words(
    numbers=numbers.SWEDISH,
    epoch="epok",
    epochs=("{n} epok", "{n} epoker"),
    loss="förlust",
    accuracy_axis="träffsäkerhet, %",
    training="träning",
    validation="validering",
    true_class="sann klass",
    predicted_class="predikterad klass",
    test_accuracy="Träffsäkerhet på testbilder {accuracy}",
    matrix_of_seed="Testbilder, frö {seed}",
    mean_of_seeds="{title}, medelvärde av {runs} slumpfrön",
    of_seed="med frö {seed} ",
    with_required="{accuracy} ({required} krävs)",
    falls="sjunker från {first} till {last}",
    rises="stiger från {first} till {last}",
    stays="är {last}",
    diverges="divergerar",
    falls_then_rises="sjunker från {first} till {best} vid epok {epoch} och stiger sedan till {last}",
    rises_then_falls="stiger från {first} till {best} vid epok {epoch} och sjunker sedan till {last}",
    alt_curves=(
        "träningsförlusten {loss_curve}, valideringsförlusten {val_loss_curve}; träffsäkerheten i "
        "träning {accuracy_curve}, träffsäkerheten i validering {val_accuracy_curve}"
    ),
    alt_evaluation="{title}, {epochs}: {curves}. Träffsäkerhet på testbilder {accuracy};",
    alt_confused="oftast förväxlade: {pairs}.",
    alt_flawless="ingen testbild klassificeras fel.",
    confused="{true} tas för {predicted}, {count}",
    caption_evaluation=(
        "{title}. Till vänster: förlust (logaritmisk axel) och träffsäkerhet efter varje epok; "
        "träningens värden är medelvärden över epoken, medan vikterna ännu ändras. En ring markerar den "
        "bästa epoken i valideringen; kvadraten (träning) och punkten (validering) vid sista epoken är den "
        "färdiga modellen. Till höger: förväxlingsmatris för de {count} testbilderna."
    ),
    caption_seeds=(
        "Linjerna är medelvärden över {runs} slumpfrön och banden når från det lägsta till det högsta "
        "värdet; förväxlingsmatrisen gäller frö {seed}."
    ),
    caption_required="Den prickade linjen är den träffsäkerhet på testbilder som krävs.",
    caption_shared="Alla modeller på samma datamängd har samma axlar för förlust och träffsäkerhet.",
    caption_no_counts=(
        "Med {classes} klasser finns inte plats för antalen: vitt är inga, mörkaste blått {most}."
    ),
    parameters_axis="parametrar",
    test_accuracy_axis="träffsäkerhet på testbilder, %",
    models=("{n} modell", "{n} modeller"),
    alt_comparison=(
        "Träffsäkerhet på testbilder och antal parametrar för {count}, den bästa först: {models}."
    ),
    alt_compared="{title}, {accuracy} (95\u00a0% intervall {lower} till {upper}), {parameters} parametrar",
    caption_comparison=(
        "Träffsäkerhet på testbilder med 95\u00a0% konfidensintervall mot antalet parametrar "
        "(logaritmisk axel)."
    ),
    caption_seed_mean=(
        "En modell som tränats med flera slumpfrön visas med deras medelvärde, och vart och ett som ett "
        "streck."
    ),
    caption_side_by_side="Markeringar som skulle täcka varandra är flyttade något isär.",
    on_dataset="{title} ({dataset})",
    caption_dataset="Där ingen datamängd nämns är det {dataset}.",
    recall="täckning",
    precision="precision",
    overall="träffsäkerhet {accuracy}",
    share_axis="andel av testbilderna, %",
    never_predicted="aldrig predikterad",
    none_of_class="saknas bland testbilderna",
    alt_per_class="{title}, täckning och precision per klass på testbilderna: {classes}.",
    alt_class="{name} {recall} och {precision}",
    caption_per_class=(
        "{title}. Täckning: hur stor andel av klassens testbilder som känns igen. Precision: hur stor "
        "andel av bilderna som tas för klassen som hör dit. Ordnat efter täckning; den lodräta linjen är "
        "träffsäkerheten över alla klasser."
    ),
    caption_first_seed="Av {runs} slumpfrön visas frö {seed}.",
    caption_lowest="De {shown} av {classes} klasser som har lägst täckning visas.",
    true_is="sann: {name}",
    above=">\u00a099,9\u00a0%",
    no_mistake="inga fel",
    alt_mistakes="{title}, de {count} felaktiga svar på testbilder som modellen är säkrast på: {mistakes}.",
    alt_mistake="{true} tas för {predicted} ({confidence})",
    alt_no_mistake="{title}: ingen testbild klassificeras fel.",
    caption_mistakes=(
        "{title}. De {count} säkraste av {errors} felaktiga svar på testbilderna: predikterad klass med "
        "sannolikhet, och sann klass. Färgerna är reducerade till {colours} per bild."
    ),
    caption_no_mistake="{title}. Modellen gör inga fel på testbilderna.",
    parameters=("{n} parameter", "{n} parametrar"),
    alt_architecture="{title}, {parameters}: {steps}.",
    alt_step="{layers} till {shape}",
    alt_skip="Utdata från {source} går också till {target}.",
    caption_architecture=(
        "{title}, {parameters}. Ett block är den tensor som lagren under det ger, med dess form och "
        "lagrens parametrar. Höjden är bildens sida, bredden följer logaritmen av antalet kanaler; en "
        "vektor är en stapel vars höjd följer logaritmen av dess längd. Tonade block: lagren har vikter."
    ),
    caption_skips="Bågar är kopplingar som går förbi lager.",
)


def words(language: str) -> Words:
    """Return the words of a language tag such as ``sv`` or ``sv-FI``; English for those not known."""
    return SWEDISH if numbers.style_of(language) is numbers.SWEDISH else ENGLISH
