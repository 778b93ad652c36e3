"""`python -m bench`: every measurement, one after the other."""

from bench import scan, store

if __name__ == "__main__":
    scan.main()
    store.main()
