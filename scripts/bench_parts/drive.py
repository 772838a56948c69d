"""Puts load on one address with wrk, on loopback, bounded in time; reads its figures."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench_parts.web import work_of

SCRIPT = """
local entries, headers, n = {%(entries)s}, {%(headers)s}, 0
function init(args)
  local seed = io.open("/dev/urandom", "rb"):read(4)
  math.randomseed(seed:byte(1) * 16777216 + seed:byte(2) * 65536 + seed:byte(3) * 256 + seed:byte(4))
end
local function uuid()
  return (string.gsub("xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx", "x", function() return string.format("%%x", math.random(0, 15)) end))
end
function request()
  n = n + 1
  local entry = entries[n %% #entries + 1]
  headers["Cookie"] = entry[2]
  if entry[3] == "" then return wrk.format("GET", entry[1], headers) end
  return wrk.format("POST", entry[1], headers, entry[3] .. "&client_ref=" .. uuid())
end
function done(summary, latency, requests)
  io.write(string.format('\\n{"requests": %%d, "seconds": %%f, "bytes": %%d, "p50": %%f, "p95": %%f, "errors": %%d}\\n', summary.requests, summary.duration / 1e6,
    summary.bytes, latency:percentile(50) / 1000, latency:percentile(95) / 1000,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
"""


@dataclass(frozen=True)
class Target:
    """An address, with the sessions that ask for it in turn; with a form it is sent, each time with a new reference."""

    path: str
    cookies: Sequence[str]
    form: str = ""
    others: Sequence[Target] = ()
    """Addresses that are asked for in turn with this one."""

    def entries(self) -> Iterator[tuple[str, str, str]]:
        """Path, session and form of what is sent, one after the other."""
        every = (self, *self.others)
        for n in range(max(len(one.cookies) for one in every)):
            yield from ((one.path, one.cookies[n % len(one.cookies)], one.form) for one in every)


@dataclass(frozen=True)
class Figures:
    """What one run showed; times in milliseconds."""

    rate: float
    p50: float
    p95: float
    errors: int
    requests: int
    work: float = 0.0
    """Milliseconds of processor time for one request, in web workers and database together."""


def typical(runs: Sequence[Figures]) -> Figures:
    """The middle of several runs, figure by figure; every error counts."""
    rate, p50, p95, work = (
        median(getattr(run, name) for run in runs) for name in ("rate", "p50", "p95", "work")
    )
    return Figures(rate, p50, p95, sum(run.errors for run in runs), sum(run.requests for run in runs), work)


class Driver:
    """Sends requests as the proxy in front of a real installation would."""

    def __init__(self, port: int, folder: Path, csrf: str, watched: Sequence[int] = ()) -> None:
        self.origin, self.folder, self.csrf, self.watched = f"http://127.0.0.1:{port}", folder, csrf, watched
        program = shutil.which("wrk")
        if program is None:
            raise SystemExit("wrk is not installed. On Debian and Ubuntu: apt-get install wrk")
        self.program = program

    def run(self, target: Target, clients: int, seconds: int) -> Figures:
        """So many clients for so many seconds."""
        script = self.folder / "run.lua"
        script.write_text(self._script(target))
        line = [
            self.program,
            "-t1",
            f"-c{clients}",
            f"-d{seconds}s",
            "--timeout",
            "10s",
            "-s",
            str(script),
            self.origin + target.path,
        ]
        before = work_of(self.watched)
        done = subprocess.run(line, capture_output=True, text=True, timeout=seconds + 30, check=True)
        seen = json.loads(done.stdout.strip().splitlines()[-1])
        work = (work_of(self.watched) - before) / max(seen["requests"], 1)
        rate = seen["requests"] / seen["seconds"]
        return Figures(rate, seen["p50"], seen["p95"], int(seen["errors"]), seen["requests"], work)

    def _script(self, target: Target) -> str:
        headers = {"Host": "127.0.0.1", "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}
        headers |= {"Origin": "https://127.0.0.1", "X-CSRFToken": self.csrf}
        if target.form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        entries = [
            [path, f"{cookie}; __Host-csrf={self.csrf}", form] for path, cookie, form in target.entries()
        ]
        return SCRIPT % {
            "entries": ", ".join(
                "{" + ", ".join(json.dumps(word) for word in entry) + "}" for entry in entries
            ),
            "headers": ", ".join(
                f"[{json.dumps(name)}] = {json.dumps(value)}" for name, value in headers.items()
            ),
        }
