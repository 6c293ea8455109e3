import os
import tomllib
from pathlib import Path

import pytest

from reportgen.errors import InputError
from reportgen.executors import names
from reportgen.executors.names import FORMS, KINDS, check, named
from reportgen.executors.ray import settings
from tests.cli.conftest import run_in
from tests.executors.engines import ROOT
from tests.projects import write_project

SHARE = "file:///mnt/share"


@pytest.mark.parametrize(
    "name",
    ["local", "ray", "ray:10.0.0.1:6379", "ray:head.lab:6379", "ray:[fd00::1]:6379", "slurm", "slurm:gpu"],
)
def test_names_of_executors(name: str) -> None:
    assert check(name) == name


@pytest.mark.parametrize(
    "name", ["", "dask", "local:2", "ray:", "ray:10.0.0.1", "ray:a:b", "slurm:a b", "slurm:--x=1"]
)
def test_what_is_no_executor_is_told_with_the_forms_there_are(name: str) -> None:
    with pytest.raises(ValueError, match=r"is none of local \| ray"):
        check(name)


def test_every_kind_is_in_the_help_and_every_extra_can_be_installed(tmp_path: Path) -> None:
    told = " ".join(run_in(tmp_path, "train", "--help").stdout.split())
    assert FORMS in told
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    for kind in filter(lambda kind: kind.extra, KINDS.values()):
        assert [each for each in extras[kind.extra] if each.startswith(kind.library)]


def test_a_store_that_all_machines_reach_is_asked_for_before_anything_starts(tmp_path: Path) -> None:
    project = write_project(tmp_path)
    for arguments, environment in (
        (("--executor", "slurm"), {}),
        (("--store", str(tmp_path / "here"), "--executor", "ray"), {}),
        ((), {"REPORTGEN_EXECUTOR": "ray:127.0.0.1:6379"}),
    ):
        done = run_in(project, "train", *arguments, **environment)
        assert done.returncode == 2
        assert "needs a store that all machines reach" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_secret_does_not_travel_in_the_store_s_name() -> None:
    with pytest.raises(InputError, match="holds a password") as caught:
        named("slurm", "sftp://me:hush@host/store", Path())
    assert "hush" not in str(caught.value)


def test_an_engine_that_is_not_installed_is_told_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"needs the extra 'ray'.*pip install 'reportgen-lab\[ray\]'"):
        named("ray", SHARE, Path())


def test_slurm_without_its_commands_is_told(tmp_path: Path) -> None:
    project = write_project(tmp_path)
    share = (tmp_path / "share").as_uri()
    done = run_in(project, "train", "--executor=slurm", f"--store={share}", PATH="/nowhere")
    assert done.returncode == 2
    assert (
        "--executor slurm needs sbatch, squeue, scancel, sinfo, which this machine does not have"
        in done.stderr
    )


def test_a_ray_that_runs_the_code_of_anybody_is_refused() -> None:
    safe = {**settings.SETTINGS, "RAY_AUTH_MODE": "token"}
    assert settings.check([("a", "10.0.0.1", safe), ("b", "10.0.0.2", safe)]) == []
    assert settings.check([("a", "127.0.0.1", {})]) == []
    with pytest.raises(InputError, match="b would run the code of anybody who reaches it"):
        settings.check([("a", "10.0.0.1", safe), ("b", "10.0.0.2", {**safe, "RAY_AUTH_MODE": "disabled"})])


def test_machines_that_would_notice_a_pulled_cable_late_are_named() -> None:
    token = {"RAY_AUTH_MODE": "token"}
    (told,) = settings.check([("a", "10.0.0.1", {**settings.SETTINGS, **token}), ("b", "10.0.0.2", token)])
    assert told.startswith("b: started without reportgen's settings for Ray")


def test_without_a_token_only_this_machine_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "environ", {"HOME": str(tmp_path)})
    with pytest.raises(InputError, match=r"no token here for the Ray cluster at 10\.0\.0\.1:6379"):
        settings.prepare("10.0.0.1:6379")
    settings.prepare("127.0.0.1:6379")
