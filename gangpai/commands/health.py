"""Whether settings and machine are in order."""

import typer

from gangpai.doctor import examine
from gangpai.office import current_settings
from gangpai.terminal import AsJson, Outcome, show


def doctor(*, as_json: AsJson = False) -> None:
    """Examine settings and machine, one line for each, with the remedy where something is wrong.

    Raises:
        typer.Exit: something is wrong.

    """
    examined = examine(current_settings())
    if as_json:
        facts = [
            {"what": each.zh, "ok": each.ok, "found": each.found, "remedy": each.remedy} for each in examined
        ]
        show(Outcome(zh="", en="", facts={"doctor": facts}), as_json=True)
    else:
        for each in examined:
            remedy = "" if each.ok else f"\n    → {each.remedy}"
            typer.echo(f"{'✓' if each.ok else '✗'} {each.zh} / {each.en}：{each.found}{remedy}")
    if not all(each.ok for each in examined):
        raise typer.Exit(1)
