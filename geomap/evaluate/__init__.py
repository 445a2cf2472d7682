"""Scoring the geoparser on gold corpora, which are read where they lie and never travel along."""

from geomap.evaluate.corpora import FORMATS, GoldDocument, GoldToponym, read_corpus
from geomap.evaluate.mistakes import mistakes
from geomap.evaluate.report import evaluate, tables, truth_of
from geomap.evaluate.score import Scores, score

__all__ = [
    "FORMATS",
    "GoldDocument",
    "GoldToponym",
    "Scores",
    "evaluate",
    "mistakes",
    "read_corpus",
    "score",
    "tables",
    "truth_of",
]
