import json
from importlib.resources import files

import jsonschema


def test_the_answers_are_shown_written_and_obey_their_schema(run, tmp_path):
    answer = run("answers", "--html", "a.html", "--json", "a.json")
    schema = files("cicatrix.report").joinpath("schema/answers-1.json")
    told = json.loads((tmp_path / "a.json").read_text("utf-8"))

    assert answer.exit_code == 0, answer.output
    assert "Does it hurt?" in answer.output
    assert "Does it hurt?" in (tmp_path / "a.html").read_text("utf-8")
    jsonschema.validate(told, json.loads(schema.read_text("utf-8")))
    assert all(each["sources"] for each in told["answers"])


def test_one_may_ask_about_one_thing(run):
    answer = run("answers", "--about", "striae", "--json", "-")

    told = json.loads(answer.stdout)
    assert told["asked"] == {"about": "striae"}
    assert "how-many-scar" not in {each["id"] for each in told["answers"]}
