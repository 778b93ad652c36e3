"""The processes of the long stories: a server, an officer who vetoes, a phone that scans.

Each runs until it is done or killed, and tells through a pipe what it saw. All clocks are the machine's own.
"""

import http.client
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from itertools import chain, cycle
from multiprocessing.connection import Connection

import uvicorn

from gangpai import serve as serving
from gangpai.office import Office, clock, open_register, open_store
from gangpai.settings import Settings
from gangpai.stores import Store
from store.acts.veto import AlreadyVetoed, Charge, veto
from store.codes import PlateCode
from store.lookup import scan_code
from store.policy import founding_plan
from store.records import VetoCause
from store.register import Register, RegisterUnavailable

HOST = "127.0.0.1"
STANDS = {"creating", "valid"}
REPORT_EVERY = 50
TRY_AGAIN_S = 0.02
CHARGE = Charge(cause=VetoCause.GRAVE_ACCIDENT, facts="测试")
Change = Callable[[Register], Register]


def office_at(store: Store, register: Register) -> Office:
    """Return an office at work in an open register."""
    return Office(settings=Settings(store=store, demo=True), policy=founding_plan(), register=register)


def unchanged(register: Register) -> Register:
    """Return the register as it is: where a broken one can be put in its place."""
    return register


def serve(store: Store, change: Change, here: Connection) -> None:
    """Serve the register as one worker of `gangpai serve` does, and tell the port."""
    with socket.create_server((HOST, 0)) as listening:
        port = listening.getsockname()[1]
        os.environ.update(
            GANGPAI_STORE=store.setting,
            GANGPAI_SECRET=os.urandom(16).hex(),
            GANGPAI_BASE_URL=f"http://{HOST}:{port}",
            GANGPAI_DEMO="1",
        )
        vars(serving)["open_register"] = lambda settings: change(open_register(settings))
        config = uvicorn.Config(serving.application, factory=True, log_level="critical", access_log=False)
        here.send(port)
        uvicorn.Server(config).run(sockets=[listening])


def cast_vetoes(store: Store, change: Change, post_ids: list[str], here: Connection) -> None:
    """Veto posts one after the other once told to, and tell each when it is acknowledged."""
    with closing(open_store(store)) as register:
        office = office_at(store, change(register))
        here.send("ready")
        here.recv()
        for post_id in post_ids:
            cast_until_acknowledged(office, post_id)
            here.send(post_id)


def cast_until_acknowledged(office: Office, post_id: str) -> None:
    """Veto a post, again and again while the register is away; a veto found to be in force was ours."""
    while True:
        try:
            veto(office.register, office.authority(), post_id, CHARGE)
        except RegisterUnavailable:
            time.sleep(TRY_AGAIN_S)
        except AlreadyVetoed:
            return
        else:
            return


def race_to_veto(store: Store, here: Connection) -> None:
    """Veto the posts named, and tell for each whether it was won, or the refusal of who came second."""
    with closing(open_store(store)) as register:
        office = office_at(store, register)
        here.send("ready")
        for post_id in iter(here.recv, None):
            try:
                veto(register, office.authority(), post_id, CHARGE)
            except AlreadyVetoed as second:
                here.send(second.zh)
            else:
                here.send("won")


def scan(ports: list[int], codes: list[str], here: Connection) -> None:
    """Scan codes as phones do, asking every server in turn, and tell what `_watch` tells."""
    with ExitStack() as stack:
        lines = [stack.enter_context(closing(http.client.HTTPConnection(HOST, port))) for port in ports]
        turns = cycle(lines)
        _watch(lambda code: standing(next(turns), code), codes, here)


def look(store: Store, change: Change, codes: list[str], here: Connection) -> None:
    """Look codes up as the scan page does, in a process of its own, and tell what `_watch` tells."""
    with closing(open_store(store)) as opened:
        register = change(opened)
        _watch(lambda code: scan_code(register, PlateCode(code), clock()).standing.verdict, codes, here)


def _watch(ask: Callable[[str], str], codes: list[str], here: Connection) -> None:
    """Tell the number of scans so far until told that it is enough, then (code, begun) of all that stood.

    Once it is enough every code is asked for one last time.
    """
    stood = []
    for code in chain(_until_told(cycle(codes), here), codes):
        begun = time.monotonic()
        if ask(code) in STANDS:
            stood.append((code, begun))
    here.send(stood)


def _until_told(codes: Iterator[str], here: Connection) -> Iterator[str]:
    for number, code in enumerate(codes, start=1):
        yield code
        if number % REPORT_EVERY == 0:
            here.send(number)
            if here.poll():
                return


def standing(line: http.client.HTTPConnection, code: str) -> str:
    """Return what one scan says."""
    line.request("GET", f"/{code}", headers={"Accept": "application/json"})
    return str(json.loads(line.getresponse().read())["standing"])
