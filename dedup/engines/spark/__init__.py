"""The same run on Apache Spark; needs the extra ``dedup-news[spark]`` and Java 17 or later."""

from dedup.engines.spark.run import SparkReport, find_overlaps

__all__ = ["SparkReport", "find_overlaps"]
