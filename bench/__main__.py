"""`python -m bench`: every measurement, one after the other."""

from bench import postgres, scan, store

if __name__ == "__main__":
    scan.main()
    store.main()
    postgres.main()
