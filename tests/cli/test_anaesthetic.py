"""How much of a topical anaesthetic a label allows, from the terminal."""

import json

import pytest

LP = "lidocaine-prilocaine-2.5-2.5"


def test_the_amount_comes_first_and_fits_the_screen(run):
    told = run(
        *("anaesthetic", "--product", LP, "--area-cm2", "150", "--weight-kg", "62")
    )

    assert told.exit_code == 0
    assert "15 to 18.75 g for 150 cm²" in told.output
    assert "375 to 469 mg put on the skin" in told.output
    assert max(len(line) for line in told.output.splitlines()) <= 80


def test_a_refusal_ends_with_code_three_and_is_written(run, tmp_path):
    out, page = tmp_path / "a.json", tmp_path / "a.html"

    told = run(
        *("anaesthetic", "--product", "lidocaine-40", "--area-cm2", "20"),
        *("--json", str(out), "--html", str(page)),
    )

    assert told.exit_code == 3
    assert "No dose." in told.output
    assert json.loads(out.read_text("utf-8"))["state"] == "refused"
    assert "No dose." in page.read_text("utf-8")


def test_json_leaves_standard_output_clean(run):
    told = run(
        *("anaesthetic", "--product", LP, "--area-cm2", "20", "--json", "-"),
        *("--more", "lidocaine-tetracaine-7-7:2", "--has-not", "open-skin"),
    )

    document = json.loads(told.stdout)
    assert document["asked"]["more"][0]["dose_g"] == 2
    assert document["asked"]["conditions"] == {"open_skin": False}


def test_the_list_names_what_is_known(run):
    told = run("anaesthetic", "--list")

    assert told.exit_code == 0
    assert "lidocaine-tetracaine-7-7" in told.output
    assert "g6pd_deficiency" in told.output


def test_a_product_shows_the_rows_of_its_labels(run):
    told = run("anaesthetic", "--list", "--product", "EMLA")

    assert "7 to 12 years" in " ".join(told.output.split())
    assert "Label: UK" in told.output


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--product", LP], 2, "Name --product and --area-cm2"),
        (["--product", LP, "--area-cm2", "15000"], 1, "looks like mm²"),
        (["--product", LP, "--area-cm2", "nan"], 1, "no possible area"),
        (["--product", LP, "--area-cm2", "9", "--more", "EMLA:5mg"], 1, "in grams"),
        (["--product", LP, "--area-cm2", "9", "--more", "5"], 1, "a product, a colon"),
        (["--product", LP, "--area-cm2", "9", "--has", "g6pd"], 1, "is called “g6pd”"),
        (
            [
                "--product",
                LP,
                "--area-cm2",
                "9",
                "--has",
                "heart",
                "--has-not",
                "heart",
            ],
            1,
            "under --has and under --has-not",
        ),
    ],
)
def test_a_fault_is_told_with_what_to_do(run, options, code, said):
    told = run("anaesthetic", *options)

    assert told.exit_code == code
    assert said in " ".join(told.output.split())


def test_an_intake_is_taken_and_may_not_be_contradicted(run, tmp_path):
    intake = tmp_path / "intake.toml"
    intake.write_text("age_years = 40\nmethaemoglobinaemia = true\n", "utf-8")
    asked = ("anaesthetic", "--product", LP, "--area-cm2", "20")

    told = run(*asked, "--intake", str(intake))
    contrary = run(*asked, "--intake", str(intake), "--age-years", "41")

    assert told.exit_code == 3
    assert "no prilocaine" in told.output
    assert contrary.exit_code == 1
    assert "the intake says 40" in contrary.output


def test_a_list_is_words_only_and_drops_no_wish_silently(run):
    told = run("anaesthetic", "--list", "--json", "-")

    assert told.exit_code == 2
    assert "words only" in told.stderr
