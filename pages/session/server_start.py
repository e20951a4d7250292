"""What begins with the server, so that the first visitor does not wait for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pages.session.memory import give_back_regularly, use_few_pools
from pages.session.network import start_loading_network


@asynccontextmanager
async def load_with_server(_: Any) -> AsyncIterator[None]:
    """Load the network in the background from the server's start on, for `st.App`."""
    use_few_pools()
    start_loading_network()
    giving = asyncio.create_task(give_back_regularly())
    yield
    giving.cancel()
