"""`cicatrix anaesthetic`: how much of a topical anaesthetic a label allows."""

from importlib.metadata import version
from pathlib import Path
from typing import TypedDict, TypeVar, Unpack

import click

from cicatrix.anaesthesia.answering import JURISDICTIONS, anaesthetic
from cicatrix.anaesthesia.intake import from_intake
from cicatrix.anaesthesia.listing import list_sheet, product_sheet
from cicatrix.anaesthesia.products import find_product
from cicatrix.anaesthesia.sheet import anaesthetic_sheet
from cicatrix.anaesthesia.value import Anaesthetic, Person
from cicatrix.cli.output import EXIT_NOT_MEASURABLE, STDOUT, check_outputs, write_whole
from cicatrix.cli.sheet import show_sheet
from cicatrix.cli.table import writer
from cicatrix.domain.sheet import Sheet
from cicatrix.errors import InputInvalid
from cicatrix.forms.reading import Form, read_form
from cicatrix.report.anaesthetic_json import anaesthetic_to_json
from cicatrix.report.as_json import json_text
from cicatrix.report.provenance import Provenance
from cicatrix.report.sheet_page import render_sheets, sheet_view

__all__ = ["command"]


_T = TypeVar("_T")


class _Options(TypedDict):
    """The options as click hands them over."""

    product: str | None
    area_cm2: float | None
    weight_kg: float | None
    age_years: float | None
    jurisdiction: str | None
    use: str | None
    more: tuple[str, ...]
    intake: Path | None
    has: tuple[str, ...]
    has_not: tuple[str, ...]
    list_products: bool
    html_path: Path | None
    json_path: Path | None


@click.command("anaesthetic")
@click.option("--product", help="Its id or trade name; see --list.")
@click.option("--area-cm2", type=float, help="Skin to be covered.")
@click.option("--weight-kg", type=float, help="The person's weight.")
@click.option("--age-years", type=float, help="The person's age; 0.5 for six months.")
@click.option(
    "--jurisdiction",
    type=click.Choice(JURISDICTIONS),
    help="Whose label.  [default: the product's own]",
)
@click.option(
    "--use", help="Of the label, such as minor or major.  [default: its first]"
)
@click.option(
    "--more",
    multiple=True,
    metavar="PRODUCT:GRAMS",
    help="Another local anaesthetic of the same visit; may be repeated.",
)
@click.option(
    "--intake",
    type=click.Path(path_type=Path, dir_okay=False),
    help="An intake whose age, jurisdiction and conditions are taken.",
)
@click.option("--has", multiple=True, help="A condition that is there; see --list.")
@click.option("--has-not", multiple=True, help="A condition asked for and not there.")
@click.option(
    "--list",
    "list_products",
    is_flag=True,
    help="What is known here; with --product every row of its labels.",
)
@click.option(
    "--html",
    "html_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the sheet as a page.",
)
@click.option(
    "--json",
    "json_path",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Write the answer as JSON; - for standard output.",
)
def command(**given: Unpack[_Options]) -> None:
    """How much of a topical anaesthetic its label allows for an area, and how long.

    Exit code 3 where there is no dose: the reasons are told. It advises nobody to use
    it; the label in force decides.
    """
    if given["list_products"]:
        if given["json_path"] is not None or given["html_path"] is not None:
            raise click.UsageError("--list shows words only: leave out --json, --html.")
        found = find_product(given["product"] or "")
        sheet = product_sheet(found) if found else list_sheet()
        show_sheet(writer(on_error_stream=False), sheet)
        return
    json_path = None if given["json_path"] == STDOUT else given["json_path"]
    check_outputs([given["html_path"], json_path], inputs=[])
    answer = _answered(given)
    _deliver(answer, given)
    if answer.amount is None:
        click.get_current_context().exit(EXIT_NOT_MEASURABLE)


def _answered(given: _Options) -> Anaesthetic:
    product, area_cm2 = given["product"], given["area_cm2"]
    if product is None or area_cm2 is None:
        raise click.UsageError("Name --product and --area-cm2, or ask for --list.")
    path = given["intake"]
    form = read_form(path, what="intake") if path else Form(fields={}, at="intake")
    said = from_intake(form, weight_kg=given["weight_kg"])
    conditions = dict(said.person.conditions)
    for key, there in _conditions(given).items():
        _agreed(conditions.get(key), there, name=key)
        conditions[key] = there
    return anaesthetic(
        product,
        area_cm2=area_cm2,
        person=Person(
            weight_kg=given["weight_kg"],
            age_years=_agreed(
                said.person.age_years, given["age_years"], name="age_years"
            ),
            conditions=conditions,
        ),
        jurisdiction=_agreed(
            said.jurisdiction, given["jurisdiction"], name="jurisdiction"
        ),
        use=given["use"],
        more=[_more(text) for text in given["more"]],
    )


def _agreed(said: _T | None, option: _T | None, *, name: str) -> _T | None:
    """The option, or else the intake's answer; they may not contradict each other."""
    if None not in (said, option) and said != option:
        raise InputInvalid(
            f"{name}: the intake says {said}, the option says {option}, so nobody can "
            "tell which holds. Correct one of them."
        )
    return said if option is None else option


def _conditions(given: _Options) -> dict[str, bool]:
    has, has_not = ({_key(name) for name in given[n]} for n in ("has", "has_not"))
    if has & has_not:
        raise InputInvalid(
            f"“{min(has & has_not)}” stands under --has and under --has-not, so nobody "
            "can tell which is meant. Remove one."
        )
    return {**dict.fromkeys(has, True), **dict.fromkeys(has_not, False)}


def _key(name: str) -> str:
    return name.strip().lower().replace("-", "_")


def _more(text: str) -> tuple[str, float]:
    name, _, grams = text.rpartition(":")
    try:
        amount = float(grams)
    except ValueError:
        amount = None
    if amount is None or not name.strip():
        raise InputInvalid(
            f"--more “{text}” is not a product, a colon and its grams, so it cannot be "
            "counted. Write it like lidocaine-4:5, in grams and without the unit."
        )
    return name.strip(), amount


def _deliver(answer: Anaesthetic, given: _Options) -> None:
    """The sheet, the JSON and the page, each where it was asked."""
    to_stdout = given["json_path"] == STDOUT
    console = writer(on_error_stream=to_stdout)
    sheet = anaesthetic_sheet(answer)
    show_sheet(console, sheet)
    if given["json_path"] is not None:
        text = json_text(anaesthetic_to_json(answer))
        if to_stdout:
            click.echo(text, nl=False)
        else:
            write_whole(given["json_path"], text.encode())
    if given["html_path"] is not None:
        write_whole(given["html_path"], _page(sheet, answer).encode())
        console.print(f"Page: {given['html_path']}")


def _page(sheet: Sheet, answer: Anaesthetic) -> str:
    provenance = Provenance(
        versions=(("cicatrix", version("cicatrix")),),
        parameters=(
            ("product", answer.asked.product),
            ("area_cm2", f"{answer.asked.area_cm2:g}"),
        ),
    )
    return render_sheets([sheet_view(sheet)], title=sheet.title, provenance=provenance)
