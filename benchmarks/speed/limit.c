/* The machine's own limit: ASCII text to MinHash signatures, with nothing between the text and the processor.
 *
 * The work of dedup.lsh.minhash.sign_texts on plain English: tokens of letters and digits, lower case, a hash a
 * token, shingles of `width` tokens, and the least of a * h + b for each of k permutations. It decodes no
 * UTF-8, looks up no table of scripts, and marks neither lines, sentences nor quotations; the hash is its own.
 * The passes over whole arrays are plain loops, which the compiler turns into vectors.
 */
#include <stddef.h>
#include <stdint.h>

enum { BLOCK = 4096 };

static inline uint32_t mixed(uint32_t h)
{
    h = (h ^ (h >> 16)) * 0x85EBCA6Bu;
    h = (h ^ (h >> 13)) * 0xC2B2AE35u;
    return h ^ (h >> 16);
}

/* Letters in lower case and digits; 0 for whatever parts words. */
static void fold(const uint8_t *restrict text, size_t length, uint8_t *restrict out)
{
    for (size_t i = 0; i < length; i++) {
        uint8_t small = text[i] | 0x20;
        uint8_t letter = (uint8_t)(small - 'a') < 26 ? 0xFF : 0;
        uint8_t digit = (uint8_t)(text[i] - '0') < 10 ? 0xFF : 0;
        out[i] = (small & letter) | (text[i] & digit);
    }
}

/* The hashes of the tokens of one text; a word may go over from one block to the next. */
static size_t hash_tokens(const uint8_t *text, size_t length, uint32_t *hashes)
{
    uint8_t folded[BLOCK];
    size_t count = 0;
    int open = 0;
    uint32_t h = 0x811C9DC5u;
    for (size_t begin = 0; begin < length; begin += BLOCK) {
        size_t block = length - begin < BLOCK ? length - begin : BLOCK;
        fold(text + begin, block, folded);
        for (size_t i = 0; i < block; i++) {
            if (folded[i]) {
                h = (h ^ folded[i]) * 0x9E3779B1u;
                open = 1;
            } else if (open) {
                hashes[count++] = mixed(h);
                h = 0x811C9DC5u;
                open = 0;
            }
        }
    }
    if (open)
        hashes[count++] = mixed(h);
    return count;
}

/* The hashes of tokens, in place, to the mixed hashes of the shingles that start at them. */
static size_t hash_shingles(uint32_t *hashes, size_t count, size_t width)
{
    if (count < width)
        return 0;
    for (size_t i = 0; i + width <= count; i++) {
        uint32_t h = 0;
        for (size_t j = 0; j < width; j++)
            h = h * 0x01000193u + hashes[i + j];
        hashes[i] = mixed(h);
    }
    return count - width + 1;
}

static uint32_t least(const uint32_t *restrict shingles, size_t count, uint32_t a, uint32_t b)
{
    uint32_t found = 0xFFFFFFFFu;
    for (size_t i = 0; i < count; i++) {
        uint32_t value = a * shingles[i] + b;
        found = value < found ? value : found;
    }
    return found;
}

/* Text t is data[offsets[t]] to data[offsets[t + 1]]; `scratch` holds a number for two bytes of the longest
 * text, and one more; `out` has k values a text. */
void sign(const uint8_t *data, const int64_t *offsets, int64_t texts, int64_t width, const uint32_t *a,
          const uint32_t *b, int64_t k, uint32_t *scratch, uint32_t *out)
{
    for (int64_t t = 0; t < texts; t++) {
        size_t tokens = hash_tokens(data + offsets[t], (size_t)(offsets[t + 1] - offsets[t]), scratch);
        size_t shingles = hash_shingles(scratch, tokens, (size_t)width);
        for (int64_t i = 0; i < k; i++)
            out[t * k + i] = least(scratch, shingles, a[i], b[i]);
    }
}
