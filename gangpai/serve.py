"""The web server: the application each worker builds for itself, and how uvicorn runs it.

Keeps no log of paths and addresses: a path holds the code of a plate, and an address tells who looked. What
is logged, and in which form, is in verify/logs.py.
"""

import gc
import os
import resource
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
from prometheus_client.multiprocess import mark_process_dead

from gangpai.back_channel import provider_of
from gangpai.connections import BoundedProtocol
from gangpai.couriers import courier_of, outward_of
from gangpai.office import clock, current_settings, open_register
from gangpai.own_designs import designs_of
from gangpai.print_room import print_room_of
from gangpai.reminding import Reminding, channels_of
from gangpai.settings import Settings, contact_key_of, policy_of, secret_of
from gangpai.signing_key import note_key_of
from gangpai.stores import Store, TinyDbFile
from store.records import Officer
from store.refusals import Refusal
from verify.app import create_app
from verify.joining import FIRST_OFFICER
from verify.logs import FORMS, AccessLog
from verify.monitoring import Monitoring
from verify.network import keyed_by
from verify.site import WebSettings

SHUTDOWN_S = 3
KEEP_ALIVE_S = 20
STARTED_WITHIN_S = 60
"""How long a worker may be silent before another takes its place; on a busy machine it loads for seconds."""

FILES_KEPT_BACK = 64
LOOPBACK = "127.0.0.1"
COUNTED_TOGETHER_IN = "PROMETHEUS_MULTIPROC_DIR"
"""What the metrics library reads the folder from in which the workers of one machine count."""

STANDARD_ERROR = 2


class PortTaken(Refusal):
    """Another program listens at the port. Remedy: stop it, or choose another port."""

    reason_zh = "{host}:{port} 已被占用或不可用。"
    reason_en = "{host}:{port} is taken or cannot be used."
    remedy_zh = "请先停止占用它的程序，或换一个端口（--port）。"
    remedy_en = "Stop what listens there, or choose another port (--port)."


@dataclass(frozen=True, kw_only=True)
class Listening:
    """Where the server listens, with how many worker processes, and whether each request is logged."""

    host: str = LOOPBACK
    port: int = 8000
    workers: int = 1
    access_log: bool = False


def application() -> object:
    """Build the ASGI application from the environment; every worker process calls this."""
    return _application(current_settings())


def logged_application() -> object:
    """Build the same with a line for each request on standard error."""
    settings = current_settings()
    log = AccessLog(_write_line, clock, form=settings.log_format)
    return _application(settings, log)


def _application(settings: Settings, log: AccessLog | None = None) -> object:
    register = open_register(settings)
    room = print_room_of(settings, register, clock)
    reached = replace(_web_settings(settings), print_room=room, outward=outward_of(settings, register, clock))
    app = create_app(reached, register, clock, log=log)
    reminding = Reminding(register, channels_of(settings), clock)
    app.state.beside = (courier_of(settings, register, clock).run, room.run, reminding.run)
    gc.collect()
    gc.freeze()  # what is loaded now stays for good; going through it again and again costs scans a tenth
    return app


def _write_line(text: str) -> None:
    os.write(STANDARD_ERROR, text.encode())


def _web_settings(settings: Settings) -> WebSettings:
    return WebSettings(
        base_url=settings.base_url,
        policy=policy_of(settings),
        secret=secret_of(settings),
        ledger_key=note_key_of(settings),
        contact_key=contact_key_of(settings),
        demo=settings.demo,
        designs=designs_of(settings),
        monitoring=_monitoring(settings),
        identity_provider=provider_of(settings.oidc) if settings.oidc else None,
    )


def _monitoring(settings: Settings) -> Monitoring:
    shared = os.environ.get(COUNTED_TOGETHER_IN)
    if shared:
        _forget_dead_workers(Path(shared))
    return Monitoring(
        networks=settings.metrics_networks,
        token=settings.metrics_token,
        shared=Path(shared) if shared else None,
        free_bytes=_free_bytes(settings.store),
    )


def _forget_dead_workers(folder: Path) -> None:
    """Let a worker that was killed count no open pages any more; uvicorn starts another in its place."""
    for file in folder.glob("gauge_live*_*.db"):
        pid = int(file.stem.rpartition("_")[2])
        if not Path(f"/proc/{pid}").exists():
            mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call] # it has no types


def _free_bytes(store: Store) -> Callable[[], int] | None:
    return partial(_free_bytes_at, store.folder) if isinstance(store, TinyDbFile) else None


def _free_bytes_at(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def serve(listening: Listening) -> None:
    """Serve until the process is told to stop; answers under way are given three seconds.

    Raises:
        PortTaken: nothing can listen there.
        Refusal: the settings, the policy, the secret or the register cannot be used.

    """
    check_free(listening)
    settings = current_settings()
    _check_usable(settings)
    with _counting_together(listening.workers):
        uvicorn.run(
            f"gangpai.serve:{'logged_application' if listening.access_log else 'application'}",
            factory=True,
            host=listening.host,
            port=listening.port,
            workers=listening.workers,
            http=BoundedProtocol,
            ws="none",
            log_config=log_config(settings.log_format),
            access_log=False,
            server_header=False,
            proxy_headers=True,
            forwarded_allow_ips=LOOPBACK,
            limit_concurrency=_connections_most(),
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=SHUTDOWN_S,
            timeout_worker_healthcheck=STARTED_WITHIN_S,
        )


def log_config(form: str) -> dict[str, Any]:
    """Return how every process of the server logs: what goes wrong, in one form (logging.config)."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": FORMS[form]}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {"uvicorn.access": {"handlers": [], "propagate": False}},
    }


@contextmanager
def _counting_together(workers: int) -> Iterator[None]:
    """Give several workers a folder to count in, so that whichever is asked tells of all."""
    if workers == 1:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="gangpai-metrics-") as folder:
        os.environ[COUNTED_TOGETHER_IN] = folder
        try:
            yield
        finally:
            del os.environ[COUNTED_TOGETHER_IN]


def _connections_most() -> int | None:
    """Return how many connections a worker serves before it answers 503: fewer than it may open files."""
    files_most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return (
        None if files_most == resource.RLIM_INFINITY else max(FILES_KEPT_BACK, files_most - FILES_KEPT_BACK)
    )


def first_officer_address(listening: Listening) -> str | None:
    """Return where the first account is set up, on the machine itself; None where there is one.

    Raises:
        Refusal: the settings, the secret or the register cannot be used.

    """
    settings = current_settings()
    register = open_register(settings)
    try:
        if register.count(Officer):
            return None
    finally:
        register.close()
    key = keyed_by(secret_of(settings), *FIRST_OFFICER)
    return f"http://{LOOPBACK}:{listening.port}/console/setup?key={key}"


def _check_usable(settings: Settings) -> None:
    """Refuse here, once and in words, what would otherwise end every worker process with a traceback."""
    _web_settings(settings)
    open_register(settings).close()


def check_free(listening: Listening) -> None:
    """Return if the server could listen there.

    Raises:
        PortTaken: it could not.

    """
    try:
        with socket.create_server((listening.host, listening.port)):
            return
    except (OSError, OverflowError) as error:
        raise PortTaken(host=listening.host, port=listening.port) from error
