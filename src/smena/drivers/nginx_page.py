"""The maintenance page as a site: where the real site listens, with its names and certificates, and one answer.

Everything of the site that is not a `server` stands in the page as it is, because other sites may use it. Of each
server only what receives a request stays. What decides about requests in ways that cannot be seen here is refused.
The page needs no file: the answer stands in the configuration itself, so nobody needs rights to read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from smena.drivers.nginx_conf import Directive, expanded, parse
from smena.errors import SiteUnreadable
from smena.host.paths import encode
from smena.text import _

MARK = "# smena: maintenance page of "

_KEPT = frozenset(
    (
        *("listen", "server_name", "access_log", "error_log", "ssl", "http2", "http3"),
        *("client_header_buffer_size", "large_client_header_buffers"),  # large cookies would be refused otherwise
        *("set_real_ip_from", "real_ip_header", "real_ip_recursive"),
        *("underscores_in_headers", "ignore_invalid_headers"),
    )
)
_KEPT_FAMILIES = ("ssl_", "http2_", "http3_", "quic_")
_UNFIT = frozenset(("http", "events", "stream", "mail", "include"))

_HTML = (
    '<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>Идёт обновление · Maintenance</title><style>body{font:18px/1.5 sans-serif;max-width:34em;"
    "margin:12vh auto;padding:0 1em;color:#223}h1{font-size:1.4em}section+section{margin-top:2em;color:#667}</style>"
    '</head><body><section lang="ru"><h1>Идёт обновление</h1><p>Система обновляется и скоро снова будет доступна. '
    "Ваши данные сохранены. Обновите страницу через несколько минут.</p></section>"
    '<section lang="en"><h1>We are upgrading</h1><p>The system is being upgraded and will be back soon. '
    "Your data is kept. Please reload this page in a few minutes.</p></section></body></html>"
)


def page(text: str, file: str, base: Path, instance: str, retry_after: int) -> str:
    """The page's text out of the site's text."""
    made, at = [f"{MARK}{instance}; the site itself is kept by smena and comes back by itself\n"], 0
    for server in servers(text, file):
        made += [text[at : server.start], _server(server, base, retry_after)]
        at = server.end
    return "".join([*made, text[at:]])


def servers(text: str, file: str) -> list[Directive]:
    """The servers of a site's file; a file in which they cannot be told for sure is refused."""
    top = parse(text, file)
    unfit = [d for d in top if d.name in _UNFIT]
    if unfit:
        raise SiteUnreadable(
            _("{file} is not a site's own file", file=encode(file)),
            why=[_("line {line}: {what}", line=d.line, what=encode(d.name)) for d in unfit],
        )
    found = [d for d in top if d.name == "server" and d.block is not None]
    if not found:
        raise SiteUnreadable(_("there is no server in {file}", file=encode(file)))
    return found


def is_page(content: bytes) -> bool:
    return content.startswith(MARK.encode())


def receiving(server: Directive, base: Path) -> Iterator[Directive]:
    """What of a server receives requests: addresses, names, certificates; also where it is included from elsewhere."""
    for directive in expanded(server.block or (), base):
        if directive.block is None and (directive.name in _KEPT or directive.name.startswith(_KEPT_FAMILIES)):
            yield directive


def _server(server: Directive, base: Path, retry_after: int) -> str:
    lines = [
        *(directive.raw for directive in receiving(server, base)),
        "client_max_body_size 0;",
        'default_type "text/html; charset=utf-8";',
        f"add_header Retry-After {retry_after} always;",
        "add_header Cache-Control no-store always;",
        f"return 503 '{_HTML}';",
    ]
    return "server {\n" + "".join(f"    {line}\n" for line in lines) + "}"
