"""Drawing on other machines: the portions of a batch as the tasks of a Dask cluster.

Knows how to reach a scheduler and whether its workers are of this program's version: any other would print by
other rules. Its library is optional. Who can reach a cluster can make it run anything:
it belongs in a network of its own (docs/operator.md). Leaves out what is drawn.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

from gangpai import __version__
from gangpai.portions import Crew
from store.refusals import Refusal

_PATIENCE_S = 10


class ClusterNotInstalled(Refusal):
    """The library that speaks to a cluster is not installed. Remedy: install the extra."""

    reason_zh = "本机没有安装多机制作所需的 distributed。"
    reason_en = "The library for drawing on a cluster (distributed) is not installed."
    remedy_zh = "请安装 gangpai[cluster]，或去掉 --scheduler 在本机制作。"
    remedy_en = "Install gangpai[cluster], or leave --scheduler out."


class ClusterUnreachable(Refusal):
    """Nothing answers at the address, or nobody works there. Remedy: look at scheduler and workers."""

    reason_zh = "多机调度“{address}”无法使用（{problem_zh}）。"
    reason_en = "The scheduler {address!r} cannot be used ({problem_en})."
    remedy_zh = "请检查地址（如 tcp://10.0.0.5:8786）、调度和工作进程是否在运行。"
    remedy_en = "Check the address (such as tcp://10.0.0.5:8786) and that scheduler and workers run."


class ClusterDiffers(Refusal):
    """Workers have another version of this program, or none. Remedy: install the same one everywhere."""

    reason_zh = "工作进程{worker}上的 gangpai 是“{found}”，本机是“{wanted}”。"
    reason_en = "Worker {worker} has gangpai {found}; this machine has {wanted}."
    remedy_zh = "请在所有机器上安装同一版本。"
    remedy_en = "Install the same version on all machines."


@contextmanager
def cluster(address: str) -> Iterator[Crew]:
    """Call in the workers of a cluster; what they have not begun when the block ends early is dropped.

    Raises:
        ClusterNotInstalled, ClusterUnreachable: it cannot be reached.
        ClusterDiffers: a worker would print by other rules.

    """
    with _client(address) as client:
        versions = client.run(version, "gangpai", on_error="return")
        _check(address, versions)
        executor = client.get_executor(pure=False)
        yield Crew(executor=executor, workers=len(versions), alone=executor, losses=_losses())


def _client(address: str) -> Any:  # noqa: ANN401 -- the library has no types
    try:
        from distributed import Client  # noqa: PLC0415 -- an optional library that loads slowly
    except ImportError as error:
        raise ClusterNotInstalled from error
    try:
        return Client(address, timeout=_PATIENCE_S)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        problem_zh, problem_en = "没有应答，或地址有误", str(error)
        raise ClusterUnreachable(address=address, problem_zh=problem_zh, problem_en=problem_en) from error


def _losses() -> tuple[type[Exception], ...]:
    """Return what a future ends in whose worker is gone and cannot be replaced."""
    from distributed import KilledWorker  # noqa: PLC0415 -- an optional library
    from distributed.client import FutureCancelledError  # noqa: PLC0415 -- the same

    return KilledWorker, FutureCancelledError


def _check(address: str, versions: Mapping[str, object]) -> None:
    if not versions:
        raise ClusterUnreachable(address=address, problem_zh="没有工作进程", problem_en="no worker")
    for worker, found in versions.items():
        if found != __version__:
            raise ClusterDiffers(worker=worker, found=str(found), wanted=__version__)
