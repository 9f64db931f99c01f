"""The feed on a local network: relative addresses come in, absolute ones go out."""

from __future__ import annotations

import io
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

_PREFIXES = {  # some podcast apps look for these very prefixes
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}
_ADDRESSES = frozenset({"url", "href"})
_ADDRESS_TAGS = frozenset({"link", "url"})


def with_absolute_addresses(feed: bytes, base: str) -> bytes:
    """Complete every relative address of a feed: podcast apps take no others.

    Raises ValueError where the feed is no XML. The feed is a file of the served folder, not a stranger's;
    all the same expat stops entities that grow.
    """
    try:
        root = ElementTree.fromstring(feed)
    except ElementTree.ParseError as error:
        raise ValueError(f"the feed is damaged: {error}") from error
    for prefix, namespace in _PREFIXES.items():
        ElementTree.register_namespace(prefix, namespace)
    for element in root.iter():
        for name in _ADDRESSES & element.attrib.keys():
            element.set(name, _absolute(element.attrib[name], base))
        if element.tag in _ADDRESS_TAGS and element.text:
            element.text = _absolute(element.text, base)
    out = io.BytesIO()
    ElementTree.ElementTree(root).write(out, encoding="UTF-8", xml_declaration=True)
    return out.getvalue()


def _absolute(address: str, base: str) -> str:
    return address if urlsplit(address).scheme else urljoin(base, address)
