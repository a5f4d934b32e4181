"""The parent of Python workers: it compiles or loads the kernels before it forks, so that no task waits.

Set ``spark.python.daemon.module`` to ``dedup.engines.spark.daemon``. To compile the kernels when an image is
built, run ``python -m dedup.engines.spark.daemon --warm-up``.
"""

from __future__ import annotations

import sys


def warm_up() -> None:
    """Run every stage once over two tiny articles."""
    from dedup.article import Article
    from dedup.engines.spark.rehearsal import rehearse

    text = (
        "The ministers met in Moscow on Thursday and signed a pact that sends grain north and oil south "
        "until the end of the coming winter, officials said. (PTI)"
    )
    rehearse(
        [Article(id="a", source="Herald", text=text), Article(id="b", source="Gate", text=f"News: {text}")]
    )


if __name__ == "__main__":
    warm_up()
    if "--warm-up" not in sys.argv:
        from pyspark.daemon import manager

        manager()
