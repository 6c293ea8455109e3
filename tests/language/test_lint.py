import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.language import lint, lint_text, parse
from reportgen.language.prose import passages
from reportgen.locales import Locale

CONFIGURED = {0.9, 0.01, 15.0, 32.0, 0.2, 50_000.0}


def found(text, **options):
    return lint(parse(text, "answers/q.md", 10), CONFIGURED, **options)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("The accuracy is 63.1 %.", "63.1 %"),
        ("The accuracy is 63.1%.", "63.1%"),
        ("It reached 0.63 on test.", "0.63"),
        ("It reached .63? No, 0.630.", "0.630"),
        ("The net has 81,834 parameters.", "81,834"),
        ("Nätet har 81\u00a0834 parametrar.", "81\u00a0834"),
        ("träffsäkerheten är 63,1 %", "63,1 %"),
        ("182 images of cats", "182"),
        ("63 % of the images", "63 %"),
        ("sixty, or 60 percent", "60 percent"),
        ("better by 2 points", "2 points"),
        ("better by 1.5 percentage points", "1.5 percentage points"),
        ("it took 745 seconds", "745"),
        ("12523266 weights", "12523266"),
        ("The loss fell to 0.99", "0.99"),
        ("153 times as many", "153"),
        ("an accuracy of 0.9 is reached", "0.9"),
        ("**0.63**", "0.63"),
        ("| CNN | 0.63 |", "0.63"),
        ("(0.63)", "0.63"),
        ("[0.63](https://example.org)", "0.63"),
        ("{{ 0.631 | percent }}", "0.631"),
        ('{{ "63.1 %" }}', "63.1 %"),
        ('{{ "63 %" if cnn.a else "less" }}', "63 %"),
        ("{% claim cnn.test.accuracy > 0.62 %}It gets 63 %.{% endclaim %}", "63 %"),
        ("{% claim cnn.accuracy > 0.62 %}x{% endclaim %} It gets 62 %.", "62 %"),
        ("The target was 62 %, and it reached 63 %.", "63 %"),
        ("The goal is 75 %. It got 78.2 %.", "78.2 %"),
        ("# It reaches 63.1 %", "63.1 %"),
        ("It reaches 6**3**.1 %.", "63.1 %"),
        ("It reaches 9*9*.3 %.", "99.3 %"),
        ("It reaches 63&#46;1 %.", "63.1 %"),
        ("It reaches &#54;3.1 &percnt;.", "63.1 %"),
        ("It reaches 63\\.1 %.", "63.1 %"),
        ("It reaches 63.​1 %.", "63.1 %"),
        ("It reaches ６３．１ ％.", "63.1 %"),
        ("Accuracy:63.1 %", "63.1 %"),
        ("Between dogs and cats: 47-63 %", "63 %"),
        ("![It reaches 63.1 %](a.png)", "63.1 %"),
        ('![A curve](a.png "It reaches 63.1 %")', "63.1 %"),
        ("- It reaches\n  {{ cnn.a }}, not ~~63.1 %~~", "63.1 %"),
        ("It is better.^[It reaches 63.1 %.]", "63.1 %"),
        ("{% if cnn.a %}It reaches 63.1 %.{% else %}{{ cnn.b }}{% endif %}", "63.1 %"),
        ("{% if cnn.a %}{{ cnn.b }}{% else %}It reaches 63.1 %.{% endif %}", "63.1 %"),
        ("{{ 0.6 + 0.031 }}", "0.631"),
        ("{{ cnn.a / cnn.a * 0.631 }}", "0.631"),
        ("{{ (mean(0.6, 0.662)) | percent }}", "0.631"),
        ("{{ -(0 - 0.631) }}", "0.631"),
        ("It {% claim cnn.a > 1 %}reaches{% endclaim %} 63.1 %.", "63.1 %"),
    ],
)
def test_measurements_are_pointed_out(text, number):
    (problem,) = found(f"First line.\n\n{text}\n")
    assert problem.message == f"the number {number} looks like a measurement"
    assert (problem.path, problem.line) == ("answers/q.md", 12 + text.count("\n"))


@pytest.mark.parametrize(
    "text",
    [
        "Krizhevsky showed it in 2012; since 1989 [3].",
        "Q4, question 4, questions 4 and 6, section 3.2, Figure 3, Table 2.1 and 3.1",
        "15 epochs with a minibatch of 32, momentum 0.9, learning rate 0.01",
        "Dropout of 0.2, or 20 % dropout",
        "Half of the units are kept with probability 0.5.",
        "`0.63` and ``63 %``",
        "$p = 0.05$ and $$x = 63.1$$",
        "```\naccuracy: 0.63\n```",
        "~~~\n63.1 %\n~~~",
        'see [He 2016](https://arxiv.org/abs/1512.03385 "page 63.1")',
        "arXiv:1502.03167, arXiv 1502.03167, doi:10.1145/3065386, https://x.org/63.1",
        "<https://example.org/0.63>",
        "[ref]: https://example.org/0.63 'x 63 %'",
        "32×32×3 pixels, 5 × 5 kernels, 3 x 3",
        "TensorFlow 2.21, Python 3.11.7, Keras 3.15, version 1.2",
        "a 95 % confidence interval, the 95 % interval, at the 5 % level, a level of 5 %",
        "The assignment asks for at least 62 %.",
        "{% claim cnn.test.accuracy > 0.62 %}It gets more than 62 %.{% endclaim %}",
        "{% claim cnn.epochs <= 25 and a is about(0.631, 0.01) %}About 0.631 in 25 s.{% endclaim %}",
        "ten classes, 10 classes, two layers, 3 images",
        "CIFAR-10, ResNet-50, F1, H2O, 3D, v2",
        "2021-03-14, 14 March 2021, March 14, 2021",
        "pp. 1097–1105",
        "1. first\n2. second\n10. tenth",
        "{{ cnn.test.accuracy | percent(2) }} and {{ cnn.confusions[12] }}",
        "{% if cnn.test.accuracy > 0.62 %}yes{% endif %}",
        "{# was 63.1 % #}",
        "pixels from 0 to 255, divided by 255.0",
        "the 50,000 training images",
        "{{ cnn.a - 0.62 }} above what was asked, {{ 1 - cnn.a }} below",
        "| rate | learning rate |\n| --- | --- |\n| SGD | 0.01 |",
        "5&times;5 kernels, 1997&ndash;2012",
        "",
    ],
)
def test_what_is_no_measurement_passes(text):
    assert found(text) == []


def test_every_number_is_reported_in_order():
    problems = found("From 47.5 % to 63.1 %.\n\nThat is 15.6 points.")
    assert [problem.line for problem in problems] == [10, 10, 12]


def test_the_fact_that_prints_the_same_is_named():
    (problem,) = found("It reaches 63.1 %.", known={"63.1 %": "cnn.test.accuracy"})
    assert problem.remedy == "it is what {{ cnn.test.accuracy }} prints"
    (problem,) = found("It reaches 63.1 %.")
    assert problem.remedy == "name it, as in {{ cnn.test.accuracy }}"


def test_a_footnote_is_told_at_its_own_line():
    (problem,) = found("It is better.[^1]\n\nMore.\n\n[^1]: It reaches 63.1 %.\n")
    assert problem.line == 14


def test_a_line_is_found_inside_a_paragraph():
    (problem,) = found("{% if cnn.a %}\nOne\ntwo {{ cnn.b }}\nthree 63.1 % {% endif %}\nfour")
    assert problem.line == 13


@pytest.mark.parametrize("markdown", [True, False])
def test_a_question_may_say_what_was_asked(markdown):
    assert lint_text("The accuracy must be 0.9; 15 epochs", "q.md", 3, CONFIGURED, markdown=markdown) == []
    (problem,) = lint_text("Title\n\nWhy 63.1 %?", "q.md", 3, CONFIGURED, markdown=True)
    assert (problem.path, problem.line) == ("q.md", 5)


def test_all_that_readers_see_is_searched():
    plain = st.text("ab c*_`~$[]()!^|#&;\\\n-", max_size=12)

    @given(plain, plain)
    def nothing_hides_a_number(before, after):
        words = " ".join(passage.text for passage in passages(parse(f"{before} 63.1 % {after}", "q.md", 1)))
        shown = "63.1 %" in words
        code = not before.strip(" ") and len(before) > 2  # indented that far, it is code
        assert shown or code or any(mark in before + after for mark in "`$[(")

    nothing_hides_a_number()


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("sv", "Nätet klassar 182 bilder rätt.", "182"),
        ("sv", "Den är 2 procentenheter bättre.", "2 procentenheter"),
        ("de", "Das Netz erkennt 182 Bilder.", "182"),
        ("de", "Es ist um 2 Prozentpunkte besser.", "2 Prozentpunkte"),
        ("de", "Es hat 1.234.567 Parameter.", "1.234.567"),
        ("de", "Das Ziel war 62 %, und es erreicht 63 %.", "63 %"),
        ("de", "Die Testgenauigkeit nach der letzten Epoche: 0,9.", "0,9"),
        ("fr", "Le réseau se trompe sur 182 images.", "182"),
        ("fr", "Il est meilleur de 2 points.", "2 points"),
        ("fr", "L’exactitude vaut 0,9 à la dernière époque.", "0,9"),
        ("es", "La red falla en 182 imágenes.", "182"),
        ("es", "Supera a la otra en 2 puntos.", "2 puntos"),
        ("es", "La exactitud es 0,9 en la última época.", "0,9"),
    ],
)
def test_measurements_are_pointed_out_in_every_language(language, text, number):
    (problem,) = found(text, language=language)
    assert problem.message == f"the number {number} looks like a measurement"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sv", "Uppgiften kräver 75 %."),
        ("sv", "Se figur 3.1, avsnitt 2.4 och 2.5; 95 % konfidensintervall, på nivån 5 %."),
        ("de", "Die Aufgabe fordert mindestens 62 %; die Lernrate ist 0,01."),
        ("de", "Siehe Abschnitt 2.4 und 2.5, Abb. 3.1; ein 95-%-Konfidenzintervall, zum Niveau 5 %."),
        ("de", "Von 50.000 Bildern, mit Dropout 0,2, in Epoche 15."),
        ("fr", "La consigne demande 62 % ; le taux d’apprentissage est 0,01."),
        ("fr", "Voir la section 2.4 et le tableau 3.1 ; l’intervalle de confiance à 95 %, au niveau 5 %."),
        ("es", "El enunciado exige al menos 62 %; la tasa de aprendizaje es 0,01."),
        ("es", "Véase la sección 2.4 y la tabla 3.1; el intervalo de confianza de 95 %."),
    ],
)
def test_what_is_no_measurement_passes_in_every_language(language, text):
    assert found(text, language=language) == []


def test_a_language_of_a_project_brings_its_own_words():
    dutch = Locale("nl", 'base = "en"\n[prose]\nunits = ["afbeelding*"]\nrequired = ["*vereis*"]\n')
    assert len(found("Het net herkent 182 afbeeldingen.", language=dutch)) == 1
    assert found("Het net herkent 182 afbeeldingen.") == []
    assert found("De opdracht vereist 62 %.", language=dutch) == []
