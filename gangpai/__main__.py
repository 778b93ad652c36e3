"""`python -m gangpai` is the command `gangpai`."""

from gangpai.cli import main

if __name__ == "__main__":
    main()
