from reportgen.language import Show
from reportgen.results import facts
from tests.factories import CIFAR10, make_facts, make_report

DIGITS = tuple("0123456789")


def test_data_as_trained():
    data = make_facts().member("data").member("cifar10")
    assert (data.train.n.value, data.validation.n.value, data.test.n.value, data.n.value) == (
        4000,
        1000,
        1000,
        6000,
    )
    assert (data.height.value, data.width.value, data.channels.value, data.values.value) == (32, 32, 3, 3072)
    assert (data.classes.value, str(data.chance), data.class_names[3]) == (10, "10.0\xa0%", "cat")
    assert data.n.name == "data.cifar10.n"
    assert (data.title, data.title.name) == ("CIFAR-10", "data.cifar10.title")


def test_data_as_published_before_anything_is_trained():
    world = facts(make_report(("mnist_fc", "cnn")), {}, {"cifar10": CIFAR10, "mnist": DIGITS})
    data = world.member("data").member("cifar10")
    assert (data.train.n.value, data.validation.n.value, data.test.n.value) == (40_000, 10_000, 10_000)
    assert (data.height.value, data.channels.value) == (32, 3)
    assert world.member("data").member("mnist").channels.value == 1


def test_own_data_before_anything_is_trained_is_missing():
    world = facts(make_report(("cnn",), dataset="own-set"), {}, {"own-set": ("a", "b")})
    data = world.member("data").member("own-set")
    assert data.train.n.missing == "not measured"
    assert data.n.missing == "not measured"
    assert data.classes.value == 2
    assert data.train.n.name == 'data["own-set"].train.n'


def test_a_split_that_a_model_asks_for_counts_before_it_is_trained():
    report = make_report(("cnn",), validation=5_000)
    data = facts(report, {}, {"cifar10": CIFAR10}).member("data").member("cifar10")
    assert (data.train.n.value, data.validation.n.value) == (45_000, 5_000)


def test_its_images_can_be_shown_whether_a_model_is_trained_or_not():
    for world in (make_facts(), facts(make_report(("cnn",)), {}, {"cifar10": CIFAR10})):
        shown = world.member("data").member("cifar10").samples
        assert shown == Show("samples", (), "cifar10")
        assert shown.name == "data.cifar10.samples"
    world = facts(make_report(("cnn",), dataset="own-set"), {}, {"own-set": ("a", "b")})
    assert world.member("data").member("own-set").samples.name == 'data["own-set"].samples'
