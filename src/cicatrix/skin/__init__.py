"""Which pixels are bare skin: not background, hair, glare, ink or card."""
