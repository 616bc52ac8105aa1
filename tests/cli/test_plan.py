import json


def test_the_example_can_be_planned_as_it_is(run, tmp_path):
    example = run("plan", "--example")
    (tmp_path / "plan.toml").write_text(example.output, "utf-8")

    answer = run("plan", "plan.toml", "--html", "plan.html", "--json", "plan.json")

    assert answer.exit_code == 0, answer.output
    assert "cautious ceiling" in answer.output
    assert "No clinician has reviewed" in answer.output
    assert json.loads((tmp_path / "plan.json").read_text("utf-8"))["schema"] == (
        "cicatrix/plan-1"
    )
    page = (tmp_path / "plan.html").read_text("utf-8")
    assert "<script" not in page
    assert "orbital rim" in page


def test_standard_output_carries_json_alone(run, tmp_path):
    (tmp_path / "plan.toml").write_text(run("plan", "--example").output, "utf-8")

    answer = run("plan", "plan.toml", "--json", "-")

    assert json.loads(answer.stdout)["asked"]["device"] == "pen"
    assert "cautious ceiling" in answer.stderr


def test_the_whole_is_longer_than_the_main_lines(run, tmp_path):
    (tmp_path / "plan.toml").write_text(run("plan", "--example").output, "utf-8")

    short, whole = run("plan", "plan.toml"), run("plan", "plan.toml", "--full")

    assert "cost of consumables" not in short.output
    assert "cost of consumables" in whole.output


def test_a_wrong_word_is_answered_with_the_nearest_and_nothing_is_written(
    run, tmp_path
):
    text = run("plan", "--example").output.replace('"cheek"', '"chek"')
    (tmp_path / "plan.toml").write_text(text, "utf-8")

    answer = run("plan", "plan.toml", "--json", "plan.json")

    assert answer.exit_code == 1
    assert "Did you mean “cheek”" in answer.output
    assert not (tmp_path / "plan.json").exists()


def test_a_plan_must_be_named(run):
    answer = run("plan")

    assert answer.exit_code == 2
    assert "--example" in answer.output


def test_the_leaflet_is_written_and_never_over_the_plan(run, tmp_path):
    (tmp_path / "plan.toml").write_text(run("plan", "--example").output, "utf-8")

    assert run("plan", "plan.toml", "--leaflet", "home.html").exit_code == 0
    assert "When to call" in (tmp_path / "home.html").read_text("utf-8")
    assert run("plan", "plan.toml", "--leaflet", "plan.toml").exit_code == 1


def test_who_must_not_be_treated_gets_no_leaflet_and_a_script_notices(run, tmp_path):
    text = run("plan", "--example").output
    text += "\n[intake]\nasked_on = 2026-11-22\nskin_cancer = true\n"
    (tmp_path / "plan.toml").write_text(text, "utf-8")

    answer = run("plan", "plan.toml", "--leaflet", "home.html", "--json", "plan.json")

    assert answer.exit_code == 3
    assert "do not treat" in answer.output.lower()
    assert not (tmp_path / "home.html").exists()
    told = json.loads((tmp_path / "plan.json").read_text("utf-8"))
    assert told["halted"] is True
    assert told["screening"]["verdict"] == "do not treat"
