"""An officer in a process of its own: vetoes posts one after the other and says which were acknowledged.

Arguments: the register's path, post numbers. On standard output `ready`; then, once a line came in, one post
number after each acknowledgement.
"""

import sys
from pathlib import Path

from gangpai.office import open_office
from gangpai.settings import Settings
from store.acts.veto import Charge, veto
from store.records import VetoCause


def main(path: Path, post_ids: list[str]) -> None:
    charge = Charge(cause=VetoCause.GRAVE_ACCIDENT, facts="测试")
    with open_office(Settings(store_path=path, demo=True)) as office:
        say("ready")
        sys.stdin.readline()
        for post_id in post_ids:
            veto(office.register, office.authority(), post_id, charge)
            say(post_id)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
