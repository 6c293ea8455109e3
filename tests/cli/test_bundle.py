"""What ``reportgen bundle`` says that it wrote."""

from reportgen.cli.bundle import listed


def test_folders_with_many_files_are_counted() -> None:
    images = [f"answers/images/bar/{number}.png" for number in range(1200)]
    names = ["report.pdf", "answers/models.py", *images, "answers/report.toml", "README.txt"]
    told = "report.pdf, answers/models.py, answers/images/bar/ (1,200 files), answers/report.toml, README.txt"
    assert listed(names) == told
