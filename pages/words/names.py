"""Names that strangers chose, such as a file's, shown as they are.

Streamlit's Markdown makes links of "www." and "@", dashes of "--" and characters of "&amp;", no
matter how they are escaped. It leaves alone what stands as code; HTML has rules of its own.
"""

import html
import re
from collections.abc import Sequence

from pages.words.phrases import listed

# More names than these are counted.
_MOST = 10


def as_html(name: str) -> str:
    """Write a name for `st.html`."""
    return html.escape(name)


def as_code(name: str) -> str:
    """Write a name for Markdown: as code, fenced by more backticks than it has in a row."""
    name = " ".join(name.split())  # a line break would end the code
    fence = "`" * (1 + max(map(len, re.findall("`+", name)), default=0))
    # Markdown takes one space off at either end again.
    padding = " " if name.startswith("`") or name.endswith("`") else ""
    return f"{fence}{padding}{name}{padding}{fence}"


def listed_as_code(names: Sequence[str]) -> str:
    """Join names for Markdown as in running text; a long list ends with how many are left."""
    written = [as_code(name) for name in names[:_MOST]]
    if more := len(names) - len(written):
        written.append(f"{more} more")
    return listed(written)
