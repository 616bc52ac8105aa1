"""`python -m cicatrix` is `cicatrix`."""

from cicatrix.cli.main import main

if __name__ == "__main__":
    main(prog_name="cicatrix")
