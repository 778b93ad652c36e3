"""The one lock around pdfium, which serves one thread of a process at a time."""

from threading import Lock

ONE_AT_A_TIME = Lock()
