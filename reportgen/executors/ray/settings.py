"""Settings with which Ray notices a machine that is gone in seconds, and security that is asked of it."""

import ipaddress
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from reportgen.errors import InputError, Problem

# With Ray's own defaults, a pulled cable is noticed after 4 to 7 minutes. Every machine needs them, before
# `ray start`; a client sets them for itself.
SETTINGS: Mapping[str, str] = {
    "RAY_grpc_client_keepalive_time_ms": "10000",
    "RAY_grpc_client_keepalive_timeout_ms": "10000",
    "RAY_health_check_timeout_ms": "5000",
    "RAY_health_check_period_ms": "3000",
    "RAY_health_check_failure_threshold": "3",
}
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DEDUP_LOGS": "0",
}
_MODE, _TOKEN, _PATH = "RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"
_DEFAULT = Path("~/.ray/auth_token")


def prepare(address: str) -> None:
    """Set the environment of this client, before Ray is imported.

    Raises
    ------
    InputError
        If the cluster does not listen on this machine only and there is no token for it.
    """
    for name, value in {**SETTINGS, **_QUIET}.items():
        os.environ.setdefault(name, value)
    if _has_token():
        os.environ.setdefault(_MODE, "token")
    elif address and not is_loopback(address.rpartition(":")[0].strip("[]")):
        message = f"there is no token here for the Ray cluster at {address}"
        remedy = f"set {_TOKEN}_PATH to the file of its token, see docs/machines.md"
        raise InputError(Problem("", 0, message, remedy))
    if os.environ.get(_MODE) != "token":
        os.environ.setdefault(_MODE, "disabled")


def check(cluster: Iterable[tuple[str, str, Mapping[str, str]]]) -> list[str]:
    """Return what the user should know about the machines of a cluster.

    Parameters
    ----------
    cluster : iterable of (str, str, mapping)
        Name, address and environment of each machine.

    Raises
    ------
    InputError
        If one accepts anybody who reaches it.
    """
    machines = list(cluster)
    if not all(is_loopback(address) for _, address, _ in machines):
        open_ = [name for name, _, environment in machines if environment.get(_MODE) != "token"]
        if open_:
            raise _without_token(", ".join(open_))
    slow = [
        name
        for name, _, environment in machines
        if any(environment.get(setting) != value for setting, value in SETTINGS.items())
    ]
    if not slow or len(machines) == 1:
        return []
    return [
        f"{', '.join(slow)}: started without reportgen's settings for Ray, so a machine that is cut off is"
        " noticed after minutes instead of half a minute (python -m reportgen.executors.ray.settings)"
    ]


def is_loopback(host: str) -> bool:
    """Tell whether nothing but this machine can reach an address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def shown() -> dict[str, str]:
    """Return what `check` must know of the environment of this machine; the token is not in it."""
    return {name: os.environ.get(name, "") for name in (*SETTINGS, _MODE)}


def _has_token() -> bool:
    if os.environ.get(_MODE) == "disabled":
        return False
    named = os.environ.get(_PATH)
    path = Path(named) if named else _DEFAULT.expanduser()
    return bool(os.environ.get(_TOKEN)) or path.is_file()


def _without_token(who: str) -> InputError:
    message = f"{who} would run the code of anybody who reaches it: Ray was started without a token"
    remedy = f"on every machine: {_MODE}=token and {_TOKEN}_PATH=FILE before ray start (see docs/machines.md)"
    return InputError(Problem("", 0, message, remedy))


if __name__ == "__main__":  # for: eval "$(python -m reportgen.executors.ray.settings)"; ray start …
    print(f"export {_MODE}=token", *(f"{name}={value}" for name, value in SETTINGS.items()))  # noqa: T201
