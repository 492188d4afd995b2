"""Hashing a password is dear on purpose; tests, which sign in thousands of times, hash cheaply."""

from argon2 import PasswordHasher

from helpdesk.staff import accounts

AS_IN_SERVICE = accounts._hasher


def hash_cheaply() -> None:
    """From now on in this process."""
    accounts._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    accounts._nobody = accounts._hasher.hash("nobody has this password")
