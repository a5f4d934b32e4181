"""Thresholds that decide results and are not settings, each with what was measured for it.

They are not settings because nobody has a reason to choose another value for one collection than for another.
Their values are part of `Settings.fingerprint`: an index made with other thresholds is refused.

Figures "PAN" are plagdet on the training data of PAN 2013, "wire" those of the generated wire copy of
``benchmarks/quality``; "N lose" counts true pairs that the value costs. Where nothing is said of a
measurement, the value bounds the cost or follows from the meaning. ``benchmarks/quality/thresholds.py NAME
VALUE…`` measures one anew. Thresholds on wordings (menus, captions, appeals, credits) are in the data files
of `dedup.cleaning`, next to the wordings.
"""

from __future__ import annotations

# ---------------------------------------------------------------- Candidates (dedup.lsh)

#: Number of articles that represent a bucket over the cap `max_bucket`.
REPRESENTATIVES = 8
#: Number of representatives that an article is paired with per band, over all buckets over the cap.
PAIRS_A_BAND = 1

# ---------------------------------------------------------------- Sentences that a source repeats

#: A sentence that a source repeats in this many articles is furniture whatever its share: in a source with a
#: million articles, a menu line need not occur in a quarter of them.
STANDING_AT_MOST = 50
#: A sentence within a paragraph needs at least this many words to count as repeated; a whole line needs one.
STANDING_WORDS = 4
#: A sentence of this many words that does not speak to readers is prose: it may be the background that a
#: running story repeats in its updates. It must occur in this share of its source's articles, or in
#: `STANDING_AT_MOST`.
PROSE_WORDS, PROSE_SHARE = 10, 0.6

# ---------------------------------------------------------------- Sentences of different stories

#: Part of an article whose names count: outside of it a site may speak about itself.
NAMES_FROM, NAMES_TO = 0.1, 0.6
#: Number of names that represent an article: those with the smallest hashes, so that long articles, and
#: languages that capitalise all nouns, do not have more than others. If there are fewer than the minimum,
#: pairs of neighbouring words are used too.
MOST_NAMES, LEAST_NAMES = 16, 4
#: A sentence is at the edge if it begins or ends within this many tokens of it, and within this share of the
#: article.
EDGE_WORDS, EDGE_SHARE = 60, 0.2
#: Number of words other than names and numbers that make a form; a shorter sentence belongs to its source
#: alone.
FORM_WORDS = 6
#: Number of articles of different stories with a sentence that make it furniture. In five unrelated articles,
#: a class of names is in all but one of them in 1 of 4 cases; in eight articles, in 1 of 30. On fnc-1 this
#: hides two lines of one site (.03 % of all words); on 68 articles of two events, nothing; on Reuters-21578,
#: .25 % of all words, all of them formulas of tables and money market notices.
CONTEXT_ARTICLES = 8
#: If articles have no names, their words alone are weaker evidence. A sentence within a paragraph, which may
#: be the background of a story, must then be in this many.
CONTEXT_NAMELESS_ARTICLES = 20
#: A name counts as being in nearly all articles if at most one of them lacks it, or less than this share; and
#: the maximum number of such names in different stories, for example the town of a local paper.
LACKING_SHARE, COMMON_NAMES = 0.15, 1
#: Counters of four bits show the share of up to this many articles. If more have a sentence, the source
#: itself must repeat it: a story that hundreds of outlets run is truncated or mixed with others by some of
#: them.
TELLING_ARTICLES, OWN_ARTICLES = 100, 3
#: Number of sentences per row of the table above which too many share a row to be told apart: from about
#: 100,000 articles on.
CONTEXT_LOAD = 2.0

# ---------------------------------------------------------------- Seeds and chains (dedup.alignment)

#: Of two articles the first is indexed, or the second if it is this many times as long, so that an article as
#: long as a thousand others is indexed once for all of them.
INDEXED_TIMES = 8
#: A position of the second article is matched with at most this many positions of the first, so a sentence
#: that occurs ten thousand times in both costs as much as its length, not its square.
MATCHES_A_PLACE = 4
#: Number of occurrences of one seed in the first article that are tried.
SEED_TRIES = 8
#: Pairs with fewer seeds go no further: most candidates that share nothing have one or two, and of 4,265 true
#: pairs of generated wire copy, edited up to 30 %, one had so few.
LEAST_SEEDS = 3
#: Number of chains that are looked at in one pair.
MOST_CHAINS = 64
#: Score, in words, that a chain of blocks needs before it is grown.
LEAST_CHAIN = 2.5
#: Cost of a gap in a chain, in words that agree: to open it, and per word skipped on the longer side. The
#: second is lower than `GAP_WORD`, because the words in the gap may yet turn out to agree.
CHAIN_GAP = 0.5
CHAIN_GAP_WORD = 0.15
#: Number of earlier blocks that are tried as a block's predecessor.
CHAIN_LOOK_BACK = 48

# ---------------------------------------------------------------- Growth and gaps (dedup.alignment)

#: Cost of a word that is skipped in one of the texts during growth (a changed word is skipped in both), and
#: how far the score may fall, both in words that agree.
SKIPPED_WORD = 0.25
GROWTH_DROP = 5.0
#: Half the width of the band in which growth looks for matches.
BAND = 12
#: Number of words over which a match looks back: with more skipped, the score has fallen too far.
GROWTH_LOOK_BACK = 21
#: Number of words after which a growth ends.
LONGEST_GROWTH = 4096
#: Cost of a gap between runs: to open it, per word skipped on the longer side, and per word beyond the first
#: `CLAUSE_WORDS`, so that a clause is bridged cheaply, and a sentence only by what is itself worth it.
GAP = 0.5
GAP_WORD = 0.12
CLAUSE_WORDS = 6
GAP_WORD_BEYOND_CLAUSE = 0.2
#: Number of words that a passage may hold by chance of a sentence next to it. Of 9,171 passages of real
#: articles 3.6 % ended so, and 1.4 % began so.
CHANCE_WORDS = 2
#: Gaps of more words than this, on either side, are not searched for words that agree.
LONGEST_FILL = 96

# ---------------------------------------------------------------- What a passage is worth (dedup.alignment)

#: Weight that a passage needs after its gaps are paid for: what agrees by chance does not add up.
LEAST_WEIGHT = 5.0
#: Number of different plain words that make any passage prose; a shorter one needs a twelfth of its words.
PLAIN_WORDS = 6

# ---------------------------------------------------------------- Rewritten text (dedup.alignment)

#: A piece with a run of this many words was copied; with shorter ones it may be rewritten. Where 20 % of the
#: words were changed, few pieces have no such run; where 40 % were, most.
COPIED_RUN = 10
#: Number of words, on either side, between a sentence and the piece that it belongs to.
LONGEST_GAP = 100
#: Share of the weight of both gaps that must be common to them, where either neighbour was rewritten; and
#: where both were copied word for word, or their order was changed: two reporters tell of one event in words
#: that recur. Of random gaps of 60 words 1 in 100 shares .19, half share .08.
JOIN_COMMON, JOIN_COMMON_OTHERWISE = 0.12, 0.3
#: Gaps of at most this many words are bridged whatever they hold, in the same two cases: a clause was put in
#: other words.
JOIN_CLAUSE, JOIN_CLAUSE_OTHERWISE = 12, 3
#: Share of the weight of two sentences that must be common to them, and the number of words among it that are
#: neither short, nor names or numbers, which two reporters of one event share. Of random sentences 1 in 100
#: shares so much.
SENTENCE_COMMON, SENTENCE_WORDS = 0.25, 3
#: Number of words of a sentence that must agree in order, and of tokens that a part of it needs.
SENTENCE_AGREEING, SENTENCE_TOKENS = 2, 4
#: Number of rounds; each looks next to what the one before has found.
SENTENCE_ROUNDS = 8
#: Added to the number of articles: in a small corpus a word that both articles have is not common.
PRIOR_ARTICLES = 50.0

# ---------------------------------------------------------------- Forms of a trade (dedup.alignment.formulas)

#: Rarity that the shingles of a pair must add up to. Of the 4,463 partial overlaps of Reuters-21578 924 weigh
#: this or more; of 32 that weigh 6 or more 29 were shared text when they were read, against 5 of 26 of all.
#: Of 2,119 true pairs of generated wire copy 9 weigh less.
LEAST_RARITY = 5.0
#: Only in a corpus of this many articles: in a smaller one a phrase of one story is no rarer than a formula.
RARITY_ARTICLES = 100
#: Number of words in a row that make up for rarity (6 of 3,539 pairs of forms).
LONG_RUN = 30
#: Or this many words in a row, if all shingles, at least `EVEN_SHINGLES`, are held by about as many articles,
#: as those of a text that many outlets run: the mean of a low count (of quantile `LOW_QUANTILE`) over each
#: count is at least `EVEN`. Forms combine phrases of every frequency. Of 4,086 true pairs of generated
#: articles that share little and were edited up to 10 %, this keeps 97 %, and a run of 20 words with .7 kept
#: 60 %; of 9,812 pairs of Reuters-21578 it keeps 16 more.
EVEN_RUN = 6
EVEN, EVEN_SHINGLES, LOW_QUANTILE = 0.65, 18, 0.1
#: With fewer words in a row than this, the low count is at most this share of the corpus: what more articles
#: hold is rather a line that sites print.
LONG_EVEN_RUN, EVEN_SHARE = 20, 0.05

# ---------------------------------------------------------------- Relations (dedup.overlaps)

#: Tenths of a passage's agreeing words above which it is furniture, and above which it is a quotation: where
#: narration and quote are shared half and half, the narrator was copied.
FURNITURE_TENTHS, QUOTED_TENTHS = 5, 6
#: Tenths of a pair's agreeing words above which it is a quotation although `min_unquoted_words` agree outside
#: quotes, provided that fewer than this many times that number do: they surround the quotes.
MOSTLY_QUOTED_TENTHS, UNQUOTED_TIMES = 7, 3
#: A single sentence of fewer words, between texts of which a smaller share agrees, is facts worded alike.
SINGLE_SENTENCE_WORDS, SINGLE_SENTENCE_COVERAGE = 30, 0.90
#: Number of characters before a passage in which a speaker and a colon are sought.
SPEAKER_BEFORE = 160
#: Number of words in a row that must occur again for a text to occur again in its article.
REPEATED_WORDS = 10
#: Share of two articles that must agree for a template, number of places that must differ in facts, and the
#: share of facts among what differs.
TEMPLATE_FRAME, TEMPLATE_SLOTS, TEMPLATE_FACTS = 0.80, 3, 0.80
#: Share of two forms that may agree outside the passages.
TEMPLATE_OUTSIDE = 0.1
#: Number of words of a place that differs, in either text: what is longer is text of its own; and, in a text
#: without capitals, of one that is taken for a name.
SLOT_WORDS, SLOT_NAME_WORDS = 12, 4
#: Share of words with capitals between which capitals tell names: German writes all nouns with one.
LEAST_CAPITALS, MOST_CAPITALS = 1 / 200, 1 / 5

# ---------------------------------------------------------------- Stories (dedup.stories)

#: A link relates two stories without merging them where the smaller coverage is below the first and the
#: larger below the second; it merges two groups where the smaller reaches the third; below that one article
#: joins a group.
STORY_SMALLER, STORY_LARGER, STORY_MUTUAL = 0.08, 0.15, 0.30
#: Share of both texts that is equal in versions of one text.
SAME_VERSION = 0.90
#: Passages that share fewer words of an article than this are in different places of it.
SAME_PLACE = 8
#: Share of a neighbour that is in the article between above which it is an excerpt of it, not a side.
BRIDGE_EXCERPT = 0.85
#: Share of an article's shared words in one side from which it belongs to that side; below, it is a digest.
MAIN_SIDE = 2 / 3
#: Sides from which a digest is one for certain: an article of which it runs a part is not a digest for that.
#: On the wire corpus with digests (`benchmarks/quality/claims.py`) the adjusted Rand index of stories rises
#: from .949 to .957, F1 on related pairs from .839 to .896.
DIGEST_SIDES = 3

# ---------------------------------------------------------------- Whose copy it is (dedup.stories)

#: Share of a passage's words that must agree for it to show that an agency supplied it, and the share of
#: these that may be within quotation marks. If less agrees, two reporters told the same in their own words;
#: if more is quoted, the words are a speaker's. On 68 real articles of two events this removes two false
#: sentences on credit, and no true one.
SUPPLIED_AGREEMENT, SUPPLIED_QUOTED = 0.5, 0.5

#: A sentence on credit is written where this many words of an article are a supplier's, or this many that are
#: this share of it.
CREDIT_WORDS, FEWER_CREDIT_WORDS, CREDIT_SHARE = 60, 25, 0.10


def thresholds() -> dict[str, float]:
    """Return every threshold by its name.

    Examples
    --------
    >>> thresholds()["LEAST_SEEDS"]
    3.0
    """
    return {name: float(value) for name, value in globals().items() if name.isupper()}
