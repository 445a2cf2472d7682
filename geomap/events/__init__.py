"""Events: what happened, where, when, who, and whether it happened at all.

The order of the modules is the order of the questions: ``ontology`` (the table of classes),
``syntax`` (reading the parse), ``triggers`` (what), ``status`` (whether), ``sources`` (says who),
``actors`` (who), ``numbers`` (how many), ``dates`` and ``when`` (when), ``where`` and ``border``
(where), ``extract`` (all of it together).
"""
