"""Swedish words of figures."""

from reportgen.figures.words import Words
from reportgen.language import numbers

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
        "{title}. Till vänster: förlust (logaritmisk axel) och träffsäkerhet efter varje epok, i träning som "
        "medelvärden över epoken; en ring markerar den bästa epoken i validering, kvadrat och punkt den "
        "färdiga modellen. Till höger: förväxlingsmatris för de {count} testbilderna."
    ),
    caption_seeds=(
        "Linjerna är medelvärden över {runs} slumpfrön, banden når från det lägsta till det högsta värdet; "
        "matrisen gäller frö {seed}."
    ),
    caption_required="Prickad: den träffsäkerhet på testbilder som krävs.",
    caption_shared="Alla modeller på samma datamängd har dessa axlar.",
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
    alt_learning_curves="Inlärningskurvor med samma axlar. {models}",
    alt_of_model="{title}, {epochs}: {curves}.",
    caption_learning_curves=(
        "Förlust (logaritmisk axel) och träffsäkerhet efter varje epok. Till vänster: träning, medelvärden "
        "över epoken medan vikterna ännu ändras; kvadrater är de färdiga modellerna, utan Dropout och "
        "augmentering. Till höger: validering; en ring markerar den bästa epoken, en punkt den färdiga "
        "modellen."
    ),
    caption_bands="Linjerna är medelvärden över slumpfrön och banden når från det lägsta till det högsta.",
    minus="{one} minus {other}",
    taken="{true} tas för {predicted}",
    nothing="ingen",
    alt_difference=(
        "Förväxlingsmatrisen för {one} minus den för {other}, i testbilder. Oftare rätt: {more}. Mer sällan "
        "rätt: {less}."
    ),
    alt_difference_confused="Oftare förväxlade: {more}. Mer sällan förväxlade: {less}.",
    caption_difference=(
        "Förväxlingsmatrisen för {one} minus den för {other}, i testbilder: blått och plus där de är fler, "
        "rost och minus där de är färre. Den inramade diagonalen är de rätta svaren."
    ),
    caption_difference_seeds="Medelvärden över {runs} och {others} slumpfrön, avrundade.",
    caption_no_differences="Med {classes} klasser finns inte plats för talen: det mörkaste är {most}.",
    seeds=("{n} slumpfrö", "{n} slumpfrön"),
    seeds_mean="{accuracy}, {seeds}",
    minus_first="minus {first}, procentenheter",
    difference_with_interval="{difference} ({lower} till {upper})",
    alt_by_seed=(
        "Träffsäkerhet på testbilder per slumpfrö: {models}. Skillnader med 95\u00a0% intervall: "
        "{differences}."
    ),
    alt_seeds="{title} {mean} i medelvärde ({seeds})",
    alt_differs="{title} minus {first} {difference} procentenheter ({lower} till {upper})",
    caption_by_seed=(
        "Till vänster: träffsäkerheten på testbilder för varje slumpfrö som en ring, medelvärdet som ett "
        "streck. Till höger: medelvärdet minus det för {first}, med 95\u00a0% konfidensintervall."
    ),
    caption_one_seed=(
        "Med ett slumpfrö var gäller intervallet just dessa nätverk, inte en ny träning av dem."
    ),
    images=("{n} träningsbild", "{n} träningsbilder"),
    alt_samples="{title}, {each} av varje klass: {classes}.",
    caption_samples=(
        "{title}: från början {each} av varje klass. Färgerna är reducerade till {colours} per bild."
    ),
    caption_first_classes="De första {shown} av {classes} klasser visas.",
    image_itself="bild",
    augmented_by="augmenterad av {name}",
    alt_augmented=(
        "{title}, {images} ({classes}), var och en bredvid {versions} versioner av den från {function}."
    ),
    caption_augmented=(
        "{title}. Träningsbilder, och {versions} versioner av var och en så som {function} gör dem i "
        "träningen. Färgerna är reducerade till {colours} per bild."
    ),
    learning_rate="inlärningstakt",
    alt_learning_rate="{title}, {epochs}: inlärningstakten {course}.",
    caption_learning_rate="{title}. Inlärningstakten vid slutet av varje epok.",
    accuracy="träffsäkerhet",
    time="tid",
    weights="parametrar",
    alt_efficiency=(
        "Träffsäkerhet på testbilder, träningstid och parametrar för {count}, den bästa först: {models}."
    ),
    alt_row="{title}, {accuracy}, {seconds}, {parameters} parametrar",
    caption_efficiency=(
        "Träffsäkerhet på testbilder med 95\u00a0% konfidensintervall, klocktid för en träning på den maskin "
        "som den kördes på, och antal parametrar; den bästa modellen först. Tid och parametrar på "
        "logaritmiska axlar."
    ),
    caption_means="Träffsäkerhet och tid är medelvärden över slumpfrön.",
    confidence_axis="säkerhet, %",
    right_axis="rätta svar, %",
    answers_axis="andel av svaren, %",
    right_mean="träffsäkerhet {share}",
    sure_mean="medelsäkerhet {share}",
    alt_reliability=(
        "{title}: medelsäkerhet {confidence}, träffsäkerhet {accuracy}, förväntat kalibreringsfel {error}. "
        "Träffsäkerhet efter säkerhet: {bins}."
    ),
    alt_bin="{accuracy} rätt vid {confidence}",
    caption_reliability=(
        "{title}. Till vänster: andelen rätta svar på testbilderna mot sannolikheten för den predikterade "
        "klassen, i tio klasser med 95\u00a0% konfidensintervall; på den prickade linjen är de lika. Till "
        "höger: hur många svar som hör till varje klass. Förväntat kalibreringsfel: {error}."
    ),
    caption_pooled=(
        "Svaren från {runs} slumpfrön tillsammans, med intervall som för ett; felet är medelvärdet av deras."
    ),
    alt_filters="{title}, de {count} filtren i den första faltningen, {size} vikter i {channels} kanaler.",
    caption_filters=(
        "{title}. De {count} filtren i den första faltningen, {size} vikter vardera: "
        "mellangrått är noll, och varje filter är skalat efter sin största vikt."
    ),
    caption_first_filters="De första {shown} av {count} visas.",
)
