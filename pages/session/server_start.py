"""What begins with the server, so that the first visitor does not wait for it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pages.session.network import start_loading_network


@asynccontextmanager
async def load_with_server(_: Any) -> AsyncIterator[None]:
    """Load the network in the background from the server's start on, for `st.App`."""
    start_loading_network()
    yield
