"""Reading the pages and feeds of the old site."""

import re
from typing import TYPE_CHECKING

from scratchbot.errors import UnexpectedAnswerError
from scratchbot.wire.request import Answer

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

_DECLARATION = re.compile(r"<\?xml", re.IGNORECASE)


def soup(answer: Answer) -> "BeautifulSoup":
    """Return a page or a feed to search.

    :raises UnexpectedAnswerError: if it is none.
    """
    from bs4 import BeautifulSoup
    from bs4.exceptions import ParserRejectedMarkup

    # Beautiful Soup warns of a text that seems to be XML, an address or a file's name. A feed is
    # XML, and the rest is what the site answered: neither is the program's mistake.
    page = _DECLARATION.sub("<?", answer.text()) + "\n"
    try:
        return BeautifulSoup(page, "html.parser")
    except ParserRejectedMarkup:
        raise UnexpectedAnswerError("the site answered with a page that cannot be read") from None
