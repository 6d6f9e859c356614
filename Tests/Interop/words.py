"""Words as both sides of a comparison write them, and the word error rate between them.

Numbers become single digits whichever way they were written ("forty two", "42", "four two"), ordinals lose their
ending, punctuation and case go, so that only a misheard word counts.
"""

import re

ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
VALUES = {**{word: value for value, word in enumerate(ONES)}, **TENS, "oh": 0}
ORDINALS = {
    "first": "one", "second": "two", "third": "three", "fifth": "five", "eighth": "eight", "ninth": "nine",
    "twelfth": "twelve",
}
CONTRACTIONS = {"i'm": "i am", "it's": "it is", "i'd": "i would", "i've": "i have", "what's": "what is", "that's": "that is"}


def ordinal(word: str) -> str:
    """The number word behind an ordinal, any other word as it is."""
    stem = word[:-4] + "y" if word.endswith("tieth") else word[:-2] if word.endswith("th") else ORDINALS.get(word, word)
    return stem if stem in VALUES else ORDINALS.get(word, word)


def normalise(text: str) -> list[str]:
    text = text.lower().replace("\u2019", "'")
    text = re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", text)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    words = re.findall(r"[a-z']+|\d", re.sub(r"[-\u2013\u2014/]", " ", text))
    words = [part for word in words for part in CONTRACTIONS.get(word.strip("'"), word.strip("'")).split()]
    out: list[str] = []
    ten = 0
    for word in words:
        word = ordinal(word)
        value = VALUES.get(word, int(word) if word.isdigit() and len(word) == 1 else None)
        if ten:
            if word in VALUES and 1 <= VALUES[word] <= 9:
                out.append(str(ten + VALUES[word]))
                ten = 0
                continue
            out.append(str(ten))
            ten = 0
        if value is None:
            out.append(word)
        elif word in TENS:
            ten = value
        else:
            out.append(str(value))
    if ten:
        out.append(str(ten))
    return [character for word in out for character in (word if word.isdigit() else [word])]


def errors(said: str, understood: str) -> tuple[int, int]:
    """Word errors (substituted, missing, added) and words said."""
    a, b = normalise(said), normalise(understood)
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (left != right))
    return row[-1], len(a)


def contains(text: str, wanted: str) -> bool:
    """Whether the words of `wanted` follow one another in `text`, both normalised."""
    haystack, needle = normalise(text), normalise(wanted)
    return any(haystack[i : i + len(needle)] == needle for i in range(len(haystack) - len(needle) + 1))
