"""What the example back ends share: a JSON service over HTTP, its own SQLite file, requests that happen once.

Standard library only. See README.md.
"""
