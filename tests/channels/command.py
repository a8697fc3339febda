"""A command of the program in a process of its own, which need not wait long for a server that is busy."""

from tenproj_xl.cli.main import main
from tenproj_xl.post import smtp

if __name__ == "__main__":
    smtp._BACK_OFF = (0.2, 0.4)  # seconds instead of minutes
    main(prog_name="tenproj")
