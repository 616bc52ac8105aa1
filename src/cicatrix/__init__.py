"""How far a scar or stretch mark has faded, and how sure, from dated photographs."""
