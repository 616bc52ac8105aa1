"""Whoever reads only the head of the words (`| head`) still gets every file asked for."""

import pytest

from cicatrix.cli import evidence, forecast, plan, punctures

CALLS = {
    "punctures": (
        punctures,
        ("--device", "dermaroller-mf8", "--patches", "10", "--picture", "out.svg"),
    ),
    "evidence": (evidence, ("keloid", "--html", "out.html")),
    "plan": (plan, ("plan.toml", "--leaflet", "out.html")),
    "forecast": (forecast, ("plan.toml", "--html", "out.html")),
}


@pytest.mark.parametrize("command", CALLS)
def test_a_closed_pipe_loses_no_file(run, tmp_path, monkeypatch, command):
    module, words = CALLS[command]
    (tmp_path / "plan.toml").write_text(run("plan", "--example").stdout, "utf-8")

    def closed(*arguments):
        raise BrokenPipeError

    monkeypatch.setattr(module, "show_sheet", closed)
    run(command, *words)

    assert [path for path in tmp_path.glob("out.*") if path.stat().st_size > 1000]
