"""`python -m bench`: every measurement, one after the other."""

from bench import open_pages, postgres, scan, store
from bench.press import side_by_side

if __name__ == "__main__":
    scan.main()
    store.main()
    postgres.main()
    open_pages.main()
    side_by_side.main()
