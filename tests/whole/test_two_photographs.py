"""Two photographs and a click, from the shell: the quickest path."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from cicatrix.cli.main import main
from cicatrix.report.as_json import result_schema

VALIDATOR = Draft202012Validator(
    result_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER
)
SCRIPT = re.compile(r"(<script[^>]*>).*?</script>", re.DOTALL)
FROM_OUTSIDE = re.compile(
    r"""(?:src|href)\s*=\s*["']?\s*(?!data:|\#)[^"'\s>]+"""
    r"""|@import|url\((?!["']?(?:data:|\#))"""
)


@pytest.fixture(scope="module")
def told(story, tmp_path_factory):
    """The command, run once; its JSON and its report."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("two"))
        return _run(story)


def _run(story):
    with_photos = [str(story.folder / name) for name in ("before.jpg", "faded.jpg")]
    result = CliRunner().invoke(
        main, ["compare", *with_photos, "--lesion", story.click, "--json", "-"]
    )
    return result, Path("report.html").read_text(encoding="utf-8")


def test_it_answers_and_ends_well(told):
    result, _ = told

    assert result.exit_code == 0, result.output
    assert "faded" in result.stderr
    assert "Report: report.html" in result.stderr


def test_standard_output_is_json_that_obeys_the_schema(told, story):
    document = json.loads(told[0].stdout)

    VALIDATOR.validate(document)
    fade = document["comparison"]["fade"]
    assert fade["verdict"] == "faded"
    assert fade["low_fraction"] <= fade["estimate_fraction"] <= fade["high_fraction"]
    assert document["parameters"]["lesion_xy_px"] == story.click.replace(",", ", ")


def test_the_result_can_be_traced_to_its_photographs(told, story):
    comparison = json.loads(told[0].stdout)["comparison"]

    for side, name in (("baseline", "before.jpg"), ("followup", "faded.jpg")):
        data = (story.folder / name).read_bytes()
        assert comparison[side]["sha256"] == hashlib.sha256(data).hexdigest()
        assert comparison[side]["name"] == name


def test_the_report_is_one_file_that_asks_for_no_other(told):
    _, page = told

    assert page.startswith("<!doctype html>")
    assert FROM_OUTSIDE.findall(SCRIPT.sub(r"\1", page)) == []
    assert re.findall(r"fetch|XMLHttp|import\(|https?:(?!//www\.w3\.org)", page) == []
    assert page.count("data:image/") >= 2


def test_the_report_says_what_the_table_says(told):
    result, page = told
    document = json.loads(result.stdout)
    percent = round(100 * document["comparison"]["fade"]["estimate_fraction"])

    words = re.sub(r"<[^>]+>", " ", page)
    words = re.sub(r"\s+", " ", words)
    assert f"fell by {percent} %" in words


def test_the_report_names_no_folder(told, story):
    assert str(story.folder) not in told[1]
    assert str(story.folder) not in told[0].stdout
