"""How much packed content may unpack to: one rule for every packed file that is read."""

__all__ = ["MAX_RATIO", "most_unpacked"]

MAX_RATIO = 200
"""How many times its size a packed file may unpack to; text does to three to thirty times."""


def most_unpacked(packed: int, *, free: int = 64 << 20, limit: int = 1 << 44) -> int:
    """Return the bytes up to which content is no bomb.

    Parameters
    ----------
    packed
        The bytes that were read, or that a member of an archive takes.
    free
        What anything may unpack to: small files of one letter are packed far better than text.
    limit
        What nothing may unpack to.
    """
    return min(limit, max(free, MAX_RATIO * packed))
