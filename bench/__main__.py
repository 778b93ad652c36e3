"""`python -m bench`: every measurement, one after the other."""

from bench import store

if __name__ == "__main__":
    store.main()
