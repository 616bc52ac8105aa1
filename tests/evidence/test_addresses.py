"""Addresses of sources: every one is a public page, of the site that publishes it."""

import re
from importlib.resources import files
from urllib.parse import urlsplit

import pytest

from cicatrix.evidence.reading import load_sources

NOT_PUBLIC = re.compile(
    r"(0|\w*proxy\w*|uat\w*|stag(e|ing)\w*|test\w*|dev|qa|sandbox|preprod\w*|prd\w*)"
)
"""Words of a host that tell of a proxy, a test server or a server for staff."""

CLOUD = (
    "azurewebsites.net",
    "cloudfront.net",
    "herokuapp.com",
    "appspot.com",
    "amazonaws.com",
    "vercel.app",
    "netlify.app",
    "mimsdev.com",
    "dbpia.nl.go.kr",
)
"""Where anybody's server may stand under a made-up name; a tester; a library's door."""

OTHERS = {
    "pubmed": ("pubmed.ncbi.nlm.nih.gov",),
    "ncbi": ("ncbi.nlm.nih.gov",),
    "nlm": ("nlm.nih.gov",),
    "doi": ("doi.org",),
}
"""Names that are one site's own, with where that site stands."""

INNER_SITE = re.compile(r"/[a-z0-9-]+(\.[a-z0-9-]+)*\.(gov|org|com|net)(/|$)")
NAME_OTHERS = ("webarchive.library.unt.edu", "github.com")
"""An archive names the site that it keeps, a store the site whose program it holds."""

ADDRESS = re.compile(r"https?://[^\s\"')>]+")


def stands_under(host, sites):
    """Whether the host is one of these sites or a part of one."""
    return any(host == site or host.endswith(f".{site}") for site in sites)


def faults(address):
    """Why nobody should be sent there; nothing where they may."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    words = re.split(r"[.-]", host)
    found = {
        "a bare server": bool(re.fullmatch(r"[\d.]+|.*:.*", host)) or "." not in host,
        "a library's door: a port": parts.port is not None,
        "a proxy or a test server": any(map(NOT_PUBLIC.fullmatch, words[:-1])),
        "a server under a made-up name": stands_under(host, CLOUD),
        "another site's name": any(
            word in words and not stands_under(host, own)
            for word, own in OTHERS.items()
        ),
        "another site in its path": host not in NAME_OTHERS
        and bool(INNER_SITE.search(parts.path)),
    }
    return [reason for reason, holds in found.items() if holds]


@pytest.mark.parametrize(
    "address",
    [
        "https://api-pubmed-ncbi.example.com/39640445",
        "https://proxy.example.com/wg_1/en/es/pubmed.ncbi.nlm.nih.gov/35426044",
        "https://reader.example.com/en/pubmed.ncbi.nlm.nih.gov/35426044",
        "https://uat.mimsdev.com/hongkong/drug/info/emla/overdosage",
        "https://prdmimsweb.azurewebsites.net/hongkong/drug/info/emla",
        "http://0-www-ncbi-nlm-nih-gov.brum.example.ac.uk/pubmed/22882208",
        "https://bibliotheek.example.be:2400/topics/en-us/514/criteria",
        "http://47.251.13.51:8081/33368720",
        "http://47.251.13.51/33368720",
        "https://staging.example.ai/authors/1",
        "https://stage.example.com/articles/1",
        "https://dbpia.nl.go.kr/asj/article/42",
    ],
)
def test_a_proxy_a_test_server_and_a_copier_are_known_as_such(address):
    assert faults(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://pubmed.ncbi.nlm.nih.gov/35426044/",
        "https://www.ncbi.nlm.nih.gov/pubmed/10632686",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC6122507/",
        "https://doi.org/10.1007/s00266-024-03954-x",
        "https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=1",
        "https://docs.saas.haut.ai/skintone",
        "https://www.fda.gov/medical-devices",
    ],
)
def test_a_public_page_of_its_own_site_is_let_through(address):
    assert faults(address) == []


def test_no_source_sends_its_reader_to_a_proxy_or_a_test_server():
    wrong = {
        source.key: (source.url, faults(source.url))
        for source in load_sources().values()
        if source.url and faults(source.url)
    }
    assert wrong == {}


def test_no_other_file_of_facts_holds_such_an_address():
    room = files("cicatrix.evidence")
    wrong = {}
    pending = list(room.iterdir())
    for entry in pending:
        if entry.is_dir():
            pending.extend(entry.iterdir())
        elif entry.name.endswith((".toml", ".csv")):
            text = entry.read_text(encoding="utf-8")
            bad = [each for each in ADDRESS.findall(text) if faults(each)]
            if bad:
                wrong[entry.name] = bad
    assert wrong == {}
