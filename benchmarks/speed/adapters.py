"""One rival's whole run, as a process of its own: articles in, pairs out.

    python benchmarks/speed/adapters.py NAME DIR/articles.jsonl PAIRS.csv

Runs in the rivals' own virtual environment and needs nothing of ours. Every rival gets the settings that its
documentation shows, and beside them those that find most within its own options, where these find more; each
function says which are whose choice. Those that report groups instead of pairs get all pairs of a group of up
to 300 articles, and the pairs with its first article beyond that.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import pickle
import struct
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

PERMUTATIONS, SHINGLE_WORDS, SEED, LARGEST_GROUP = 128, 5, 1, 300
THREADS = int(os.environ.get("RAYON_NUM_THREADS", "1"))
Pairs = Iterable[tuple[int, int]]


@cache
def articles(path: Path) -> tuple[list[str], list[str]]:
    """The ids and the texts of all articles, read once."""
    with path.open("rb") as lines:
        records = map(json.loads, lines)
        ids, texts = zip(*((record["id"], record["text"]) for record in records), strict=True)
    return list(ids), list(texts)


def read(path: Path) -> list[str]:
    """The texts of all articles."""
    return articles(path)[1]


def shingles(text: str) -> list[str]:
    """The shingles of 5 words, made in Python."""
    words = text.lower().split()
    return [" ".join(words[at : at + SHINGLE_WORDS]) for at in range(len(words) - SHINGLE_WORDS + 1)]


def within(groups: Iterable[Iterable[int]]) -> Iterator[tuple[int, int]]:
    """The pairs of groups."""
    for group in groups:
        members = sorted(set(group))
        if len(members) <= LARGEST_GROUP:
            yield from combinations(members, 2)
        else:
            yield from ((members[0], member) for member in members[1:])


def connected(links: Pairs) -> Iterator[list[int]]:
    """The groups that links connect."""
    root: dict[int, int] = {}

    def find(item: int) -> int:
        while root.setdefault(item, item) != item:
            root[item] = root[root[item]]
            item = root[item]
        return item

    for one, other in links:
        root[find(other)] = find(one)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for item in list(root):
        groups[find(item)].append(item)
    yield from groups.values()


def datasketch(path: Path) -> Pairs:
    """`MinHash.bulk` and `MinHashLSH` as in its documentation: words, threshold 0.5, 128 permutations."""
    return _datasketch([text.lower().split() for text in read(path)])


def datasketch_shingles(path: Path) -> Pairs:
    """The same of shingles of 5 words, our choice: fewer false pairs, and fewer of the edited ones."""
    return _datasketch([shingles(text) for text in read(path)])


def _datasketch(tokens: list[list[str]]) -> Pairs:
    from datasketch import MinHash, MinHashLSH

    sets = ([token.encode() for token in each] for each in tokens)
    signatures = list(MinHash.generator(sets, num_perm=PERMUTATIONS))
    lsh = MinHashLSH(threshold=0.5, num_perm=PERMUTATIONS)
    with lsh.insertion_session() as session:
        for number, signature in enumerate(signatures):
            session.insert(number, signature)
    for number, signature in enumerate(signatures):
        yield from ((number, other) for other in lsh.query(signature) if number < other)


def rensa(path: Path) -> Pairs:
    """R-MinHash of the words, and its LSH at the threshold of its readme, 0.8, with 8 bands."""
    return _rensa([text.split() for text in read(path)], threshold=0.8, bands=8)


def rensa_16(path: Path) -> Pairs:
    """The same at threshold 0.5 with 16 bands, our choice: finds nearly all copies in the same time."""
    return _rensa([text.split() for text in read(path)], threshold=0.5, bands=16)


def rensa_32(path: Path) -> Pairs:
    """The same at threshold 0.5 with 32 bands, our choice: finds all copies."""
    return _rensa([text.split() for text in read(path)], threshold=0.5, bands=32)


def rensa_shingles(path: Path) -> Pairs:
    """R-MinHash of shingles at threshold 0.5; the 32 bands of 4 that suit it are our choice."""
    return _rensa([shingles(text) for text in read(path)], threshold=0.5, bands=32)


def _rensa(tokens: list[list[str]], *, threshold: float, bands: int) -> Pairs:
    from rensa import RMinHash, RMinHashLSH

    signatures = RMinHash.from_token_sets(tokens, num_perm=PERMUTATIONS, seed=SEED)
    lsh = RMinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, num_bands=bands)
    lsh.insert_many(signatures)
    for number, others in enumerate(lsh.query_all(signatures)):
        for other in others:
            if number < other and signatures[number].jaccard(signatures[other]) >= threshold:
                yield number, other


def gaoya(path: Path) -> Pairs:
    """Its index of strings with the settings of its documentation: words, 42 bands of 3, threshold 0.5."""
    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(32, 0.5, 42, 3, None, "word", True, (1, 1))
    texts = read(path)
    index.par_bulk_insert_docs(list(range(len(texts))), texts)
    for number, others in enumerate(index.par_bulk_query(texts)):
        yield from ((number, other) for other in others if number < other)


def fastsketch(path: Path) -> Pairs:
    """Sketches of the words and 16 bands, as in its readme.

    The readme passes ``sorted(set(words))``, which takes two fifths of the time; repeats change no sketch.
    """
    from FastSketchLSH import LSH, FastSimilaritySketch

    words = [text.lower().split() for text in read(path)]
    sketches = FastSimilaritySketch(size=PERMUTATIONS, seed=42).batch(words, num_threads=THREADS)
    lsh = LSH(num_perm=PERMUTATIONS, num_bands=16, num_threads=THREADS)
    lsh.insert(sketches)
    for number, others in enumerate(lsh.query(sketches)):
        yield from ((number, other) for other in others if number < other)


def datatrove(path: Path) -> Pairs:
    """Its stages signature and buckets with their defaults: 5-grams, 14 buckets of 8 hashes; one worker."""
    from datatrove.data import Document
    from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import MinhashConfig

    config = MinhashConfig()
    documents = (Document(text=text, id=str(number)) for number, text in enumerate(read(path)))
    links: list[tuple[int, int]] = []
    with TemporaryDirectory() as folder:
        signatures, buckets = f"{folder}/signatures", f"{folder}/buckets"
        MinhashDedupSignature(output_folder=signatures, config=config).run(documents)
        for rank in range(config.num_buckets):
            stage = MinhashDedupBuckets(input_folder=signatures, output_folder=buckets, config=config)
            stage.run(rank=rank, world_size=config.num_buckets)
        for file in Path(buckets).glob("*.dups"):
            links += [(one, other) for _, one, _, other in struct.iter_unpack("<4I", file.read_bytes())]
    return within(connected(links))


def daft(path: Path) -> Pairs:
    """Its MinHash column over normalised text, joined by a grouping as in its guide; 16 bands are ours."""
    return _daft(read(path), bands=16)


def daft_32(path: Path) -> Pairs:
    """The same with 32 bands, our choice: finds twice as many."""
    return _daft(read(path), bands=32)


def _daft(texts: list[str], *, bands: int) -> Pairs:
    import daft
    from daft import col, functions

    clean = functions.normalize(
        col("text"), remove_punct=True, lowercase=True, nfd_unicode=True, white_space=True
    )
    hashes = functions.minhash(
        clean, num_hashes=PERMUTATIONS, ngram_size=SHINGLE_WORDS, seed=SEED, hash_function="xxhash"
    )
    groups = (
        daft.from_pydict({"number": list(range(len(texts))), "text": texts})
        .select("number", functions.chunk(hashes, PERMUTATIONS // bands).alias("key"))
        .with_column("band", daft.lit(list(range(bands))))
        .explode("key", "band")
        .groupby("band", "key")
        .agg(col("number").list_agg().alias("members"))
        .where(col("members").list_count() > 1)
        .to_pydict()
    )
    links = [(members[0], member) for members in groups["members"] for member in members[1:]]
    return within(connected(links))


def text_dedup(path: Path) -> Pairs:
    """Its MinHash script with its defaults: 5-grams, 250 permutations, threshold 0.7."""
    with TemporaryDirectory() as folder:
        script = [sys.executable, "-m", "text_dedup.minhash", "--path", "json", "--data_files", str(path)]
        places = ["--split", "train", "--cache_dir", f"{folder}/cache", "--output", f"{folder}/output"]
        subprocess.run(
            [*script, *places, "--column", "text", "--num_proc", str(THREADS), "--debug"], check=True
        )
        with Path(folder, "output", "uf.pkl").open("rb") as file:
            found = pickle.load(file)
    return within(connected(found.parent.items()))


RIVALS: dict[str, tuple[str, Callable[[Path], Pairs]]] = {
    "datasketch, words": ("datasketch", datasketch),
    "datasketch, shingles": ("datasketch", datasketch_shingles),
    "rensa, words, 0.8, 8 bands": ("rensa", rensa),
    "rensa, words, 0.5, 16 bands": ("rensa", rensa_16),
    "rensa, words, 0.5, 32 bands": ("rensa", rensa_32),
    "rensa, shingles": ("rensa", rensa_shingles),
    "gaoya": ("gaoya", gaoya),
    "FastSketchLSH": ("FastSketchLSH", fastsketch),
    "datatrove": ("datatrove", datatrove),
    "daft, 16 bands": ("daft", daft),
    "daft, 32 bands": ("daft", daft_32),
    "text-dedup": ("text-dedup", text_dedup),
}


def main() -> None:
    """Run one rival and write its pairs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rival", choices=RIVALS)
    parser.add_argument("articles", type=Path)
    parser.add_argument("pairs", type=Path)
    given = parser.parse_args()
    pairs = RIVALS[given.rival][1](given.articles)
    ids, _ = articles(given.articles)
    with given.pairs.open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("a", "b"))
        rows.writerows((ids[one], ids[other]) for one, other in pairs)


if __name__ == "__main__":
    main()
