"""`python -m bench.press`: badges and a plaque, printed by us and by three others side by side."""

import sys

from bench.press.side_by_side import main

if __name__ == "__main__":
    main(sys.argv[1:])
