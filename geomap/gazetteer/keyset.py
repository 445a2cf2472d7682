"""A set of keys as a small array of bits that is fast to ask (a Bloom filter).

It answers "certainly not" or "perhaps": the rare false "perhaps" (under 1 %) is for the caller
to check. It takes 12 bits a key, so that the keys of a gazetteer fit into a few megabytes and
are read in milliseconds.
"""

import itertools
import zlib
from collections.abc import Iterable

import numpy as np

__all__ = ["KeySet"]

_BITS_PER_KEY = 12
_MIX = 0x9E3779B97F4A7C15
_BATCH = 100_000
_BITS = 1 << np.arange(8, dtype=np.uint8)


class KeySet:
    """An approximate set of texts.

    Parameters
    ----------
    bits
        The array of bits, as :attr:`bits` of another one; its length is a power of two.
    """

    __slots__ = ("_mask", "bits")

    def __init__(self, bits: bytes | bytearray) -> None:
        self.bits = bits
        self._mask = len(bits) * 8 - 1

    @classmethod
    def of(cls, keys: Iterable[str], count: int) -> "KeySet":
        """Return the set of `keys`, which are about `count`."""
        size = max(64, count * _BITS_PER_KEY // 8)
        bits = np.zeros(1 << (size - 1).bit_length(), np.uint8)
        mask = np.uint64(len(bits) * 8 - 1)
        iterator = iter(keys)
        while batch := list(itertools.islice(iterator, _BATCH)):
            hashes = (zlib.crc32(key.encode("utf-8", "surrogatepass")) for key in batch)
            at = np.fromiter(hashes, np.uint64, len(batch))
            step = (at * np.uint64(_MIX) >> np.uint64(24) & np.uint64(0xFFFFFFFF)) | np.uint64(1)
            for _ in range(4):
                bit = at & mask
                np.bitwise_or.at(bits, bit >> np.uint64(3), _BITS[bit & np.uint64(7)])
                at = at + step
        return cls(bits.tobytes())

    def __contains__(self, key: str) -> bool:
        """Whether `key` is perhaps in the set (False: certainly not)."""
        bits, mask = self.bits, self._mask
        first = zlib.crc32(key.encode("utf-8", "surrogatepass"))
        at = first & mask
        if not bits[at >> 3] >> (at & 7) & 1:
            return False
        step = (first * _MIX >> 24 & 0xFFFFFFFF) | 1
        for _ in range(3):
            first += step
            at = first & mask
            if not bits[at >> 3] >> (at & 7) & 1:
                return False
        return True
