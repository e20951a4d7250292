"""``python -m model compare``: several networks on the same test tracks, one row each."""

import argparse
from pathlib import Path
from typing import Any

from model.cli.command import DATA, JSON, Command, Option, kept_command
from model.cli.figures import write_figures
from model.evaluation.verdicts.comparison import difference, summarise
from model.evaluation.verdicts.contenders import CONTENDERS, REFERENCE, Contender
from model.evaluation.verdicts.judging import Judged, Material


def run(arguments: argparse.Namespace) -> None:
    """Judge every contender whose trainings are there.

    Raises
    ------
    OSError
        If the data are not there.
    """
    material = Material(arguments.data, arguments.protocol, arguments.runs)
    judged: dict[str, Judged] = {}
    for contender in CONTENDERS:
        answer = contender.judge(material)
        if answer is None:
            print(contender.missing(arguments.runs, arguments.protocol))
            continue
        judged[contender.key] = answer
        figures = summarise(answer.right)
        low, high = figures["interval"]
        each = ", ".join(f"{100 * accuracy:.1f}" for accuracy in figures["accuracies"])
        print(
            f"{contender.name:32} {100 * figures['mean']:5.1f} % "
            f"({100 * low:.1f} to {100 * high:.1f} %); each run: {each}",
            flush=True,
        )
    rows = [_row(c, judged, arguments.protocol) for c in CONTENDERS if c.key in judged]
    write_figures(
        arguments,
        kept_command(arguments, (PROTOCOL, RUNS)),
        {"protocol": arguments.protocol, "split": f"{arguments.protocol}_test", "rows": rows},
    )


def _row(contender: Contender, judged: dict[str, Judged], protocol: str) -> dict[str, Any]:
    answer = judged[contender.key]
    row = {
        "key": contender.key,
        "name": contender.name,
        "what": contender.what,
        "start": contender.start,
        "seeds": answer.seeds,
        **summarise(answer.right),
        "parameters": answer.parameters,
        **answer.notes,
    }
    reference = judged.get(REFERENCE)
    if reference is not None and reference is not answer and contender.same_task:
        row["against_flagship"] = difference(answer.right, reference.right)
    if contender.command:
        row["command"] = contender.filled(protocol, answer.seeds)
    return row


PROTOCOL = Option("--protocol", {"choices": ("random", "filtered"), "default": "random"})
RUNS = Option(
    "--runs",
    {
        "type": Path,
        "default": Path("runs"),
        "help": "folder of the trainings, each called NAME-PROTOCOL-seedN (default: runs)",
    },
    shown="runs",
)
COMMAND = Command(run, options=(DATA, JSON, PROTOCOL, RUNS))
