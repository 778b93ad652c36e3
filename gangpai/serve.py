"""The web server: the application each worker builds for itself, and how uvicorn runs it.

Keeps no access log: a path holds the code of a plate, and an address tells who looked.
"""

import logging
import socket
from dataclasses import dataclass

import uvicorn

from gangpai.office import clock, current_settings, open_register
from gangpai.own_designs import designs_of
from gangpai.settings import Settings, contact_key_of, policy_of, secret_of
from gangpai.signing_key import note_key_of
from store.refusals import Refusal
from verify.app import create_app
from verify.site import WebSettings

SHUTDOWN_S = 3
KEEP_ALIVE_S = 20
HEADER_BYTES_MOST = 16 * 1024
LOOPBACK = "127.0.0.1"


class PortTaken(Refusal):
    """Another program listens at the port. Remedy: stop it, or choose another port."""

    reason_zh = "{host}:{port} 已被占用或不可用。"
    reason_en = "{host}:{port} is taken or cannot be used."
    remedy_zh = "请先停止占用它的程序，或换一个端口（--port）。"
    remedy_en = "Stop what listens there, or choose another port (--port)."


@dataclass(frozen=True, kw_only=True)
class Listening:
    """Where the server listens, and with how many worker processes."""

    host: str = LOOPBACK
    port: int = 8000
    workers: int = 1


def application() -> object:
    """Build the ASGI application from the environment; every worker process calls this."""
    settings = current_settings()
    return create_app(_web_settings(settings), open_register(settings), clock)


def _web_settings(settings: Settings) -> WebSettings:
    return WebSettings(
        base_url=settings.base_url,
        policy=policy_of(settings),
        secret=secret_of(settings),
        ledger_key=note_key_of(settings),
        contact_key=contact_key_of(settings),
        demo=settings.demo,
        designs=designs_of(settings),
    )


def serve(listening: Listening) -> None:
    """Serve until the process is told to stop; open pages are given three seconds.

    Raises:
        PortTaken: nothing can listen there.
        Refusal: the settings, the policy, the secret or the register cannot be used.

    """
    check_free(listening)
    _check_usable(current_settings())
    logging.getLogger("uvicorn.access").disabled = True
    uvicorn.run(
        "gangpai.serve:application",
        factory=True,
        host=listening.host,
        port=listening.port,
        workers=listening.workers,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=LOOPBACK,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=SHUTDOWN_S,
        h11_max_incomplete_event_size=HEADER_BYTES_MOST,
    )


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
