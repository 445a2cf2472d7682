"""Rubbish made by hypothesis, and the findings of the fuzzers, kept as cases."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from promises import PROMISES, SEEDS

FOUND: dict[str, list[bytes]] = {}
"""What broke a promise once, by its name."""


@pytest.mark.parametrize("name", PROMISES)
def test_what_broke_a_promise_once_and_what_the_fuzzers_begin_with(name: str) -> None:
    for data in (*SEEDS[name], *FOUND.get(name, ())):
        PROMISES[name](data)


def rubbish(name: str) -> st.SearchStrategy[bytes]:
    """Bytes, texts, and what is right but for some bytes."""
    parts = st.one_of(
        st.binary(max_size=60),
        st.text(max_size=30).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.sampled_from(SEEDS[name]).flatmap(
            lambda seed: st.tuples(st.integers(0, len(seed)), st.integers(0, len(seed))).map(
                lambda ends: seed[min(ends) : max(ends)]
            )
        ),
    )
    return st.tuples(st.binary(min_size=1, max_size=1), st.lists(parts, max_size=6)).map(
        lambda pair: pair[0] + b"".join(pair[1])
    )


@pytest.mark.parametrize("name", PROMISES)
def test_rubbish_breaks_no_promise(name: str) -> None:
    @settings(
        max_examples=150, deadline=None, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(rubbish(name))
    def check(data: bytes) -> None:
        PROMISES[name](data)

    check()


def test_right_files_with_a_few_wrong_bytes_break_no_promise() -> None:
    chance = random.Random(8)
    for name, seeds in SEEDS.items():
        for seed in seeds * 20:
            data = bytearray(seed)
            for _ in range(chance.randint(1, 4)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            PROMISES[name](bytes(data))
