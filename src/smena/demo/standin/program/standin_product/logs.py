"""The product's logs: plain lines in UTF-8, one file a day and kind, in the instance's folder `Logs`."""

from __future__ import annotations

import os
import sys
import time


class Logs:
    """Where one service writes; each line is complete as soon as it is written."""

    def __init__(self, folder: str, service: str) -> None:
        self.folder = folder
        self.service = service
        os.makedirs(folder, exist_ok=True)

    def info(self, text: str) -> None:
        self.write(f"{self.service}_{today()}.log", f"INFO {text}")

    def warning(self, text: str) -> None:
        self.write(f"{self.service}_{today()}.log", f"WARN {text}")

    def failure(self, text: str) -> None:
        """An error: also said where the supervisor keeps what a service prints."""
        self.write(f"{self.service}_{today()}.log", f"ERROR {text}")
        print(f"{self.service}: {text}", file=sys.stderr, flush=True)

    def heartbeat(self, text: str) -> None:
        self.write(f"heartbeat_{today()}.log", f"{self.service}: {text}")

    def write(self, name: str, text: str) -> None:
        """One line into any of the product's logs."""
        now = time.time()
        moment = f"{time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(now))}.{int(now * 1000) % 1000:03d}"
        with open(os.path.join(self.folder, name), "a", encoding="utf-8") as file:
            file.write(f"{moment} {text}\n")


def today() -> str:
    return time.strftime("%Y-%m-%d")
