"""Writes the vocabulary inside a WordPiece tokenizer.json as vocab.txt: one token a line, in the order of their ids.

Usage: extract_vocabulary.py TOKENIZER.json OUTPUT_FOLDER
"""

import json
import pathlib
import sys


def main() -> None:
    source, output = map(pathlib.Path, sys.argv[1:3])
    vocabulary = json.loads(source.read_text(encoding="utf-8"))["model"]["vocab"]
    tokens = sorted(vocabulary, key=vocabulary.get)
    if [vocabulary[token] for token in tokens] != list(range(len(tokens))):
        sys.exit("the ids of the vocabulary are not consecutive")
    with open(output / "vocab.txt", "w", encoding="utf-8", newline="\n") as file:
        file.writelines(token + "\n" for token in tokens)


if __name__ == "__main__":
    main()
