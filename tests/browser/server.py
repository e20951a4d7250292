"""The app's real server, as a user would start it; it may be ended and started again."""

import http.client
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
START_SECONDS = 180.0
STOP_SECONDS = 10.0


class ServerError(RuntimeError):
    """The server does not start."""


class Server:
    """One server on a port of its own, which it keeps.

    Attributes
    ----------
    log : Path
        Where its output goes.
    address : str
        Of the app, without a slash at the end.
    process : Popen
        What runs, after `start`.
    """

    process: subprocess.Popen[bytes]

    def __init__(self, log: Path, base: str = "", entry: Path = ROOT / "app.py") -> None:
        self.log = log
        self._entry = entry
        self._base = f"/{base}" if base else ""
        self._port = _free_port()
        self.address = f"http://{HOST}:{self._port}{self._base}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [sys.executable, "-m", "streamlit", "run", str(self._entry)]
        command += ["--server.headless", "true", "--server.baseUrlPath", self._base]
        command += ["--server.address", HOST, "--server.port", str(self._port)]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            if self._is_healthy():
                return
            time.sleep(0.25)
        code = self.process.poll()
        self.stop()
        what = f"no answer in {START_SECONDS:.0f} s" if code is None else f"it ended with {code}"
        raise ServerError(f"The server: {what}. Its log:\n{self.log.read_text()[-3000:]}")

    def stop(self) -> None:
        """End it as a user would, or by force where it goes on."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it at once, as when the power fails."""
        self.process.kill()
        self.process.wait()

    def _is_healthy(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self._port, timeout=2)
        try:
            connection.request("GET", f"{self._base}/_stcore/health")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port
