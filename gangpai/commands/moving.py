"""Moving a whole register, from another engine or an export, into the empty one in force."""

from contextlib import closing
from pathlib import Path

from gangpai.commands.keeping import read_whole
from gangpai.office import current_settings, open_office, open_store
from gangpai.stores import Store, TinyDbFile, names_a_store, parse_store
from gangpai.terminal import Outcome, show
from store.refusals import Refusal
from store.register import Register
from store.transfer import import_json, move


class NothingToMove(Refusal):
    """There is no register at the place named. Remedy: compare the path."""

    reason_zh = "“{shown}”处没有登记簿。"
    reason_en = "There is no register at {shown!r}."
    remedy_zh = "请核对路径；未作任何改动。"
    remedy_en = "Compare the path; nothing was changed."


class SameRegister(Refusal):
    """The register named is the one in force. Remedy: name another in GANGPAI_STORE."""

    reason_zh = "来源就是现用的登记簿（{shown}）。"
    reason_en = "The register named is the one in force ({shown})."
    remedy_zh = "请用 GANGPAI_STORE 指定要搬入的新登记簿。"
    remedy_en = "Name the new register in GANGPAI_STORE."


def move_register(origin: str, *, as_json: bool) -> None:
    """Copy the register that a setting or an export names into the one in force, and show what came.

    Raises:
        NothingToMove, SameRegister: there is none, or it is the same.
        RegisterNotEmpty: the one in force holds something already.
        LedgerDisagrees: what came is not what its log says; nothing is kept.

    """
    with open_office() as office:
        count = _moved(origin, office.register)
        shown = office.settings.store.shown
    show(
        Outcome(
            zh=f"已搬入{count}条内容到 {shown}，台账核对无误。人员需重新登录。",
            en=f"{count} records moved into {shown}; the ledger agrees. Officers sign in anew.",
            facts={"records": count, "store": shown},
        ),
        as_json=as_json,
    )


def _moved(origin: str, register: Register) -> int:
    if not names_a_store(origin):
        return import_json(register, read_whole(Path(origin)))
    store = parse_store(origin, Path.cwd())
    _check_source(store)
    with closing(open_store(store)) as source, source.snapshot() as reader:
        return move(reader, register)


def _check_source(store: Store) -> None:
    if store.setting == current_settings().store.setting:
        raise SameRegister(shown=store.shown)
    if isinstance(store, TinyDbFile) and not store.path.exists():
        raise NothingToMove(shown=store.shown)
