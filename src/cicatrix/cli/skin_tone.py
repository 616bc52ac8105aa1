"""Reading a skin tone from the command line."""

import click

from cicatrix.evidence.skin_tone import told_ita_deg

__all__ = ["SKIN_TONE"]


class _SkinTone(click.ParamType[float]):
    """A class of skin tone or an individual typology angle, as degrees."""

    name = "tone"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The angle, or a message that shows what may be written."""
        try:
            return told_ita_deg(value if isinstance(value, float) else str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


SKIN_TONE = _SkinTone()
