"""A scanner in a process of its own: reads codes in turn and says which answers still stood, and when asked.

Arguments: port, number of scans, codes. On standard output: `.` after every 50 scans, and at the end one JSON
list of [code, begun] for every answer that showed the plate as standing. The clock is the machine's own.
"""

import http.client
import json
import sys
import time
from itertools import cycle, islice

STANDS = {"creating", "valid"}
REPORT_EVERY = 50


def main(port: int, scans: int, codes: list[str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    stood: list[tuple[str, float]] = []
    for number, code in enumerate(islice(cycle(codes), scans), start=1):
        begun = time.monotonic()
        if standing(connection, code) in STANDS:
            stood.append((code, begun))
        if number % REPORT_EVERY == 0:
            say(".")
    say(json.dumps(stood))


def standing(connection: http.client.HTTPConnection, code: str) -> str:
    connection.request("GET", f"/{code}", headers={"Accept": "application/json"})
    return str(json.loads(connection.getresponse().read())["standing"])


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
