"""The language model made quick: the same answers in two thirds of the time.

spaCy multiplies matrices by BLIS as its wheel brings it, which on most machines reaches a fraction
of what NumPy's own library does; and it looks for a lemma in a list of 57,000 words from the front.
"""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from thinc.api import NumpyOps, get_current_ops, set_current_ops
from threadpoolctl import ThreadpoolController, threadpool_limits

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["fast_products", "one_thread", "sets_of_lemmas"]


class _Ops(NumpyOps):  # type: ignore[misc]  # compiled, so without types
    """Thinc's operations, with NumPy's product of matrices on one thread.

    The matrices of a text are small: a second thread gains little on a quiet machine, loses much
    on a busy one, and takes the core of a second process.
    """

    def gemm(
        self, x: Any, y: Any, out: Any = None, trans1: bool = False, trans2: bool = False
    ) -> Any:
        """Multiply two matrices, either transposed if asked, into a third if given."""
        with _threads().limit(limits=1, user_api="blas"):
            return np.dot(x.T if trans1 else x, y.T if trans2 else y, out=out)


@functools.cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread() -> None:
    """Let the libraries of this process that reckon in parallel use one thread from now on.

    For a process that is one of many: together they use the cores already.
    """
    threadpool_limits(1)


@contextmanager
def fast_products() -> Iterator[None]:
    """Let the models that are made meanwhile multiply matrices by NumPy."""
    before = get_current_ops()
    if type(before) is not NumpyOps:  # a machine's own arithmetic was chosen: leave it
        yield
        return
    set_current_ops(_Ops())
    try:
        yield
    finally:
        set_current_ops(before)


def sets_of_lemmas(nlp: "Language") -> None:
    """Let a rule-based lemmatizer find a word among the known lemmas at once."""
    if not nlp.has_pipe("lemmatizer"):
        return
    lemmatizer: Any = nlp.get_pipe("lemmatizer")
    lookups = lemmatizer.lookups
    if not lookups.has_table("lemma_index"):
        return
    table = lookups.get_table("lemma_index")
    for part, words in table.items():
        table[part] = frozenset(words)
