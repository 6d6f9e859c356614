#!/usr/bin/env python3
"""Holds the schemas, the samples and the wrong samples together. Exit 1 when one of them is not as it should be."""

import json
import pathlib
import sys

import jsonschema
import yaml

HERE = pathlib.Path(__file__).parent
EXAMPLES = HERE.parent / "Examples"


class Loader(yaml.SafeLoader):
    """YAML 1.2's booleans: a bare yes or no is text, as editors see it."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", __import__("re").compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


def problems(kind: str, file: pathlib.Path) -> list[str]:
    schema = json.loads((HERE / f"{kind}.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    return [error.message for error in validator.iter_errors(yaml.load(file.read_text(), Loader))]


def kind(file: pathlib.Path, root: pathlib.Path) -> str | None:
    top = file.relative_to(root).parts[0].removesuffix(".yml")
    if top == "tests":
        if file.name == "conftest.yml" or file.name.endswith(".stubs.yml"):
            top = "conftest"
        elif file.name.endswith(".commands.yml"):
            top = "commands"
    return top if (HERE / f"{top}.schema.json").exists() else None


def main() -> int:
    failed = 0
    for schema in sorted(HERE.glob("*.schema.json")):
        jsonschema.Draft202012Validator.check_schema(json.loads(schema.read_text()))
    roots = [HERE / "samples", *(path.parent for path in sorted(EXAMPLES.glob("*/assistant.yml")))]
    for root in roots:
        for file in sorted(root.rglob("*.yml")):
            if found := kind(file, root) and problems(kind(file, root), file):
                failed += 1
                print(f"{file.relative_to(HERE.parent)}: refused: {found[0]}")
    for file in sorted((HERE / "wrong").rglob("*.yml")):
        if not problems(file.parent.name, file):
            failed += 1
            print(f"{file.relative_to(HERE.parent)}: not refused")
    print(f"schemas: {failed} wrong" if failed else "schemas: ok")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
