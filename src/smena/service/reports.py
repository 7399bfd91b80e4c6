"""The report of a run: one HTML file for people, one JSON file for programs, made from the journal alone."""

from __future__ import annotations

from datetime import datetime
from html import escape
from pathlib import Path
from typing import NamedTuple

import msgspec

from smena.host import files
from smena.host.native import attributes
from smena.journal.journal import Journal
from smena.journal.rows import StepRow
from smena.plan.model import Plan
from smena.plan.model import decode as read_plan
from smena.run.status import Status
from smena.service import places
from smena.service.runs import RunView, state_words, view
from smena.text import Text, _, language, plain

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1d2327}
h1{font-size:1.5rem} h2{font-size:1.1rem;margin-top:2rem} table{border-collapse:collapse;width:100%}
td,th{padding:.3rem .6rem;border-bottom:1px solid #e2e4e7;text-align:left;vertical-align:top}
.final{color:#0a7a3b} .undone,.waiting{color:#9a6700} .parked,.failed{color:#b3261e}
.n{text-align:right;white-space:nowrap} code{font-size:.85em} .why{color:#6b7280}
"""


class Written(NamedTuple):
    html: Path
    json: Path


def write(home: Path, run: str, folder: Path | None = None) -> Written:
    """Both files, readable by whoever made them alone: they show paths and command lines."""
    target = folder or places.run_folder(home, run)
    files.make_folder(target.absolute())
    seen = view(home, run)
    journal = Journal.read(places.run_folder(home, run))
    try:
        facts = {moment: _decoded(journal.facts(moment)) for moment in ("before", "after")}
        kept = [(entry.path, entry.how, entry.state) for entry in journal.kept()]
    finally:
        journal.close()
    told = Report(seen, read_plan(seen.run.plan), facts, kept)
    written = Written(target.absolute() / f"smena-{run}.html", target.absolute() / f"smena-{run}.json")
    files.write_file(written.html, told.html().encode(), attributes.own(0o600))
    files.write_file(written.json, msgspec.json.format(msgspec.json.encode(told.value())), attributes.own(0o600))
    return written


class Report:
    """What there is to tell."""

    def __init__(
        self, seen: RunView, plan: Plan, facts: dict[str, dict[str, str]], kept: list[tuple[str, str, str]]
    ) -> None:
        self.seen, self.plan, self.facts, self.kept = seen, plan, facts, kept

    def value(self) -> dict[str, object]:
        """Everything, for programs."""
        run, forecast = self.seen.run, self.plan.forecast
        return {
            "run": run.id,
            "kind": run.kind,
            "instance": run.instance,
            "product": run.product,
            "from": run.from_version,
            "to": run.to_version,
            "state": self.seen.state,
            "why": None if run.why is None else str(run.why),
            "who": run.who,
            "host": run.host,
            "smena": run.smena,
            "plan": run.plan_hash,
            "created": run.created,
            "started": run.started,
            "finished": run.finished,
            "downtime": {"forecast": forecast.downtime, "measured": self.downtime()},
            "accepted": self.plan.accepted,
            "hashes": self.plan.hashes,
            "facts": self.facts,
            "restore-point": [{"path": path, "how": how, "state": state} for path, how, state in self.kept],
            "steps": [self._step(number) for number in range(len(self.seen.steps))],
            "events": [
                {"at": e.at, "seq": e.seq, "level": e.level, "text": str(e.text)}
                for e in self.seen.events
                if e.level != "trace"
            ],
        }

    def downtime(self) -> float | None:
        """Seconds with the page up, by the steps' own times: a backup may have had its own before the switch."""
        down = [datetime.fromisoformat(step.started) for step in self._done("maintenance") if step.started]
        up = [datetime.fromisoformat(step.finished) for step in self._done("open") if step.finished]
        if not up or len(up) != len(down):
            return None
        return sum((end - begin).total_seconds() for begin, end in zip(down, up, strict=True))

    def _done(self, kind: str) -> list[StepRow]:
        return [step for step in self.seen.steps if step.kind == kind and step.status == "done"]

    def _step(self, number: int) -> dict[str, object]:
        step = self.seen.steps[number]
        return {
            "seq": step.seq,
            "kind": step.kind,
            "hop": step.hop,
            "phase": step.phase,
            "title": str(step.title),
            "params": msgspec.json.decode(step.params),
            "status": step.status,
            "attempts": step.attempts,
            "started": step.started,
            "finished": step.finished,
            "undone": step.undone,
            "seconds": step.seconds,
            "why": None if step.why is None else str(step.why),
        }

    def html(self) -> str:
        run = self.seen.run
        title = _("{instance}: {start} → {goal}", instance=run.instance, start=run.from_version, goal=run.to_version)
        parts = [
            f'<!doctype html><html lang="{language()}"><meta charset="utf-8"><title>{_e(title)}</title>',
            f"<style>{_STYLE}</style><h1>{_e(title)}</h1>",
            f'<p class="{run.state}"><b>{_e(state_words(self.seen.state))}</b></p>',
            f"<p>{_e(run.why)}</p>" if run.why else "",
            _table([], self._head()),
            _headed(_("Steps")),
            _table([_("no."), _("step"), _("state"), _("seconds")], self._steps()),
            _headed(_("What was said")),
            _table([_("when"), _("step"), _("words")], self._events()),
            _headed(_("Facts")),
            _table([_("fact"), _("before"), _("after")], self._facts()),
            _headed(_("Hashes")),
            _table([], [[_e(name), f"<code>{_e(value)}</code>"] for name, value in self.plan.hashes.items()]),
        ]
        return "\n".join(parts)

    def _head(self) -> list[list[str]]:
        run, measured = self.seen.run, self.downtime()
        forecast = self.plan.forecast.downtime
        told = [
            (_("run"), run.id),
            (_("by"), f"{run.who} @ {run.host}"),
            (_("smena"), run.smena),
            (_("plan"), run.plan_hash),
            (_("began"), run.started or "–"),
            (_("over"), run.finished or "–"),
            (_("accepted"), ", ".join(self.plan.accepted) or "–"),
            (_("downtime, forecast"), "–" if forecast is None else _("{seconds} s", seconds=f"{forecast:.0f}")),
            (_("downtime, measured"), "–" if measured is None else _("{seconds} s", seconds=f"{measured:.1f}")),
        ]
        return [[f"<b>{_e(name)}</b>", _e(value)] for name, value in told]

    def _steps(self) -> list[list[str]]:
        rows = []
        for step in self.seen.steps:
            why = f'<div class="why">{_e(step.why)}</div>' if step.why else ""
            state = _e(_step_words(step.status))
            took = "" if step.seconds is None else f"{step.seconds:.2f}"
            rows.append([str(step.seq), _e(step.title) + why, f'<span class="{step.status}">{state}</span>', took])
        return rows

    def _events(self) -> list[list[str]]:
        return [[_e(e.at), str(e.seq or ""), _e(e.text)] for e in self.seen.events if e.level != "trace"]

    def _facts(self) -> list[list[str]]:
        before, after = self.facts["before"], self.facts["after"]
        return [[_e(name), _e(before.get(name, "–")), _e(after.get(name, "–"))] for name in sorted(before | after)]


def _step_words(status: str) -> Text:
    """What has become of a step, for people."""
    words: dict[str, Text] = {
        Status.DO: _("not begun"),
        Status.DOING: _("under way"),
        Status.DONE: _("done"),
        Status.FAILED: _("failed"),
        Status.RETRY: _("will be tried again"),
        Status.WAIT: _("waits for a person"),
        Status.UNDO: _("to be undone"),
        Status.UNDOING: _("being undone"),
        Status.UNDONE: _("undone"),
        Status.PARKED: _("parked: a person has to look"),
    }
    return words.get(status, plain(status))


def _decoded(facts: dict[str, bytes]) -> dict[str, str]:
    return {name: msgspec.json.decode(value, type=str) for name, value in facts.items()}


def _e(words: Text | str) -> str:
    return escape(str(words))


def _headed(words: Text) -> str:
    return f"<h2>{_e(words)}</h2>"


def _table(heads: list[Text], rows: list[list[str]]) -> str:
    """Cells are HTML already."""
    head = "<tr>" + "".join(f"<th>{_e(words)}</th>" for words in heads) + "</tr>" if heads else ""
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{head}{body}</table>"
