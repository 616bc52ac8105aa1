"""What a person wrote: TOML forms and quantities, checked before anything is computed."""
