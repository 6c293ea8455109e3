"""Tables: what they say, and how HTML and text say it."""

from dataclasses import replace

from reportgen.datasets import class_names
from reportgen.document import table_markup, tables
from reportgen.document.displays import Column, Table
from reportgen.document.labels import labels
from reportgen.language.numbers import style_of
from reportgen.report.dataset_file import Task
from reportgen.report.training_parameters import Component
from reportgen.report.types import ModelSpec
from reportgen.results.model_facts import ModelFacts
from reportgen.training.record import Record
from tests.factories import make_evaluation_of, make_facts, make_record, make_report
from tests.figures.test_architecture import residual

TABLE = Table(
    "Sizes <b>",
    (Column("Name"), Column("Size", True), Column("Key", code=True)),
    (("a_b", "1,000", "abc"),),
    (("Total", "1,000", ""),),
)


def facts_of(record: Record, spec: ModelSpec | None = None) -> ModelFacts:
    return ModelFacts(
        spec or make_report(("fc",)).models["fc"],
        [record],
        Task.usual(class_names("cifar10")),
        style_of("en"),
    )


def test_html_has_caption_headers_and_scopes() -> None:
    html = table_markup.html(TABLE, label="Table 1", id_="t", kind="summary")
    assert '<div class="table summary" id="t">' in html
    assert '<caption><span class="label">Table 1</span> Sizes &lt;b&gt;</caption>' in html
    assert '<th scope="col">Name</th><th scope="col" class="number">Size</th>' in html
    assert '<th scope="row">a_b</th><td class="number">1,000</td><td class="code">abc</td>' in html
    assert html.count('<tbody class="totals">') == 1


def test_short_tables_stay_whole_and_long_ones_break() -> None:
    long_ = Table("L", TABLE.columns, TABLE.rows * (table_markup.SHORT + 1))
    assert "whole" in table_markup.html(TABLE, whole=True)
    assert "whole" not in table_markup.html(TABLE)
    assert "whole" not in table_markup.html(long_, whole=True)


def test_names_may_break_after_underscores() -> None:
    table = Table("T", (Column("a"), Column("b")), (("x", "categorical_crossentropy"),))
    assert "categorical_<wbr>crossentropy" in table_markup.html(table)


def test_text_is_aligned() -> None:
    assert table_markup.text(TABLE).split("\n") == [
        "Name    Size  Key",
        "-----  -----  ---",
        "a_b    1,000  abc",
        "Total  1,000",
    ]


def test_the_layer_table_is_the_models() -> None:
    architecture = make_record("fc").architecture
    table = tables.layers(facts_of(make_record("fc")), labels("en"))
    assert table.caption == "Layers of FC"
    name = architecture.layers[-1].name
    assert table.rows[-1] == (f"{name} (Dense)", "(None, 10)", "softmax", "10,010")
    assert [row[-1] for row in table.totals] == ["12,523,266", "12,523,266", "0"]


def test_a_long_layer_table_has_one_row_a_unit() -> None:
    short = tables.layers(facts_of(residual(1)), labels("en")).rows
    assert [row[0] for row in short[2:4]] == ["conv0 (Conv2D)", "norm0 (BatchNormalization)"]
    rows = tables.layers(facts_of(residual(3)), labels("en")).rows
    assert rows[2] == ("conv0 (Conv2D) + BatchNorm", "(None, 16, 16, 64)", "relu", "36,864 + 256")


def test_a_swedish_layer_table() -> None:
    table = tables.layers(facts_of(make_record("fc")), labels("sv"))
    assert table.caption == "Lager i FC"
    assert table.totals[0] == ("Totalt", "", "", "12\N{NO-BREAK SPACE}523\N{NO-BREAK SPACE}266")


def test_the_training_table_says_every_parameter() -> None:
    spec = make_report(("cnn",), seeds=(1, 2)).models["cnn"]
    rows = dict(tables.training(facts_of(make_record("cnn"), spec), "CIFAR-10", labels("en")).rows)
    assert rows["Optimizer"] == "SGD, momentum 0.9, nesterov"
    assert rows["Learning rate"] == "0.01"
    assert rows["Data set"] == "CIFAR-10"
    assert rows["Seeds"] == "1, 2"
    assert rows["Augmentation"] == "none"


def test_another_range_of_pixels_is_said() -> None:
    spec, record = make_report(("cnn",)).models["cnn"], make_record("cnn")
    signed = replace(spec, training=replace(spec.training, scale="signed"))
    assert "Range of pixels" not in dict(
        tables.training(facts_of(record, spec), "CIFAR-10", labels("en")).rows
    )
    rows = dict(tables.training(facts_of(record, signed), "CIFAR-10", labels("en")).rows)
    assert rows["Range of pixels"] == "-1 – 1"


def test_what_was_not_set_is_marked() -> None:
    spec = replace(make_report(("cnn",)).models["cnn"], assumed=("epochs", "optimizer"))
    rows = dict(tables.training(facts_of(make_record("cnn"), spec), "CIFAR-10", labels("en")).rows)
    assert rows["Epochs"].endswith("(default)")
    assert rows["Optimizer"] == "SGD, momentum 0.9, nesterov (default)"
    assert rows["Learning rate"] == "0.01"
    swedish = tables.training(facts_of(make_record("cnn"), spec), "CIFAR-10", labels("sv")).rows
    assert sum(value.endswith("(förval)") for _, value in swedish) == 2


def test_a_component_is_printed_in_words() -> None:
    assert tables.component(Component("adam"), style_of("en")) == "adam"
    chosen = Component("categorical_crossentropy", {"label_smoothing": 0.1, "from_logits": False})
    printed = tables.component(chosen, style_of("sv"))
    assert printed == "categorical crossentropy, label smoothing 0,1, no from logits"


def test_the_results_table_has_every_model_and_its_mean_over_seeds() -> None:
    report = make_report(("fc", "cnn"), seeds={"cnn": (1, 2)})
    one = make_record("cnn", accuracy={"test": 0.60})
    two = make_record("cnn", seed=2, accuracy={"test": 0.64})
    table = tables.results(
        make_facts(report=report, records={"cnn": (one, two)}).models.values(), labels("en")
    )
    assert table.rows[0] == ("FC", *("–",) * 6)
    assert table.rows[1][:2] == ("CNN", "81,834")
    mean = (one.evaluations["test"].accuracy + two.evaluations["test"].accuracy) / 2
    assert table.rows[1][4] == f"{100 * mean:.1f}\N{NO-BREAK SPACE}%"
    assert table.sources == (one.key, two.key)


def test_accuracy_counts_right_answers() -> None:
    made = make_evaluation_of([0, 1, 2, 3], [0, 1, 2, 0])
    assert made.accuracy == 0.75
