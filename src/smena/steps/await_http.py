"""await-http: wait until an address answers as it should."""

from __future__ import annotations

from smena import clock
from smena.errors import WaitedTooLong
from smena.host import http
from smena.plan.params import AwaitHttp
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _

_LONGEST_LOOK = 0.2


def do(p: AwaitHttp, ctx: World) -> Done:
    """Asked again and again; the time counts from the step's beginning, over interruptions too."""
    while True:
        answer = http.ask(p.url, timeout=min(10.0, p.within))
        if answer.fits(p.status, p.has):
            return Done()
        if ctx.ago() > p.within:
            raise WaitedTooLong(
                _("{url} did not answer as it should within {seconds} s", url=p.url, seconds=round(p.within)),
                why=[answer.words],
            )
        ctx.pause(clock.next_look(ctx.ago(), _LONGEST_LOOK))
