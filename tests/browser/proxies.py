"""Reverse proxies, set up by the lines that DEPLOYMENT.md gives to people."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.browser.server import HOST, ROOT

DOCUMENT: Final = ROOT / ".github" / "DEPLOYMENT.md"
# The site in the document, which the browser is told to look for on this machine.
NAME: Final = "music.example.com"
# The path in the document, below which the app may lie.
PATH: Final = "earmark"
PROXIES: Final = ("nginx", "caddy")
START_SECONDS: Final = 60.0

# What nginx needs around the lines for a site, to run for a test and leave nothing behind.
_NGINX: Final = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{site}
}}
"""
_CADDY: Final = """\
{{
    admin off
    auto_https disable_redirects
}}
{site}
"""


def lines_for(proxy: str, path: str) -> str:
    """Read a site's lines out of the document, for the app to lie below a path or not."""
    text = DOCUMENT.read_text(encoding="utf-8")
    site, below = re.findall(rf"^```{proxy}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    if path:
        stands = {"nginx": "    location / {\n", "caddy": "    reverse_proxy 127.0.0.1:8501\n"}
        site = swapped(site, stands[proxy], below)
    return str(site)


def swapped(text: str, old: str, new: str) -> str:
    """Put something in the place of what stands in a text once."""
    assert text.count(old) == 1, f"the document has {old!r} {text.count(old)} times"
    return text.replace(old, new)


@contextmanager
def proxying(proxy: str, app_port: int, path: str, folder: Path) -> Iterator[str]:
    """Run a proxy before the app, and give the address of the app behind it."""
    program = shutil.which(proxy, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    openssl = shutil.which("openssl")
    if program is None or openssl is None:
        pytest.skip(f"needs {proxy} and openssl from the system's packages")
    port = _free_port()
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj"]
        + [f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
        + ["-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    site = swapped(lines_for(proxy, path), f"{HOST}:8501", f"{HOST}:{app_port}")
    config = folder / proxy
    if proxy == "nginx":
        site = swapped(site, "listen 443 ssl;", f"listen {HOST}:{port} ssl;")
        site = swapped(site, f"/etc/ssl/certs/{NAME}.pem", str(certificate))
        site = swapped(site, f"/etc/ssl/private/{NAME}.key", str(key))
        config.write_text(_NGINX.format(folder=folder, site=site), encoding="utf-8")
        command = [program, "-c", str(config), "-p", str(folder)]
    else:
        first = f"https://{NAME}:{port} {{\n    bind {HOST}\n    tls {certificate} {key}\n"
        config.write_text(
            _CADDY.format(site=swapped(site, f"{NAME} {{\n", first)), encoding="utf-8"
        )
        command = [program, "run", "--config", str(config), "--adapter", "caddyfile"]
    log = folder / "proxy.log"
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, env={**os.environ, **home}
        )
    try:
        _wait_until_open(port, process, log)
        yield f"https://{NAME}:{port}/{path}".rstrip("/")
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_open(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the proxy ended:\n{log.read_text()}"
        with socket.socket() as client:
            if client.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"the proxy takes no connection:\n{log.read_text()}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])
