"""What a call must have done: keywords, database, transfer, outcome, word errors. Each function answers reasons."""

import sqlite3

import server
import words


def windows(report: dict) -> list[tuple[dict, float, float]]:
    """Each caller turn with the time from its beginning to the next one's, in seconds since the call was answered."""
    answered = next((event["at"] for event in report["events"] if event["event"] == "answered"), 0.0)
    turns = report["turns"]
    begins = [turn["speech"][0] - answered for turn in turns]
    return [(turn, begin, end) for turn, begin, end in zip(turns, begins, begins[1:] + [float("inf")])]


def keywords(steps: list[dict], report: dict, lines: list[dict]) -> list[str]:
    wanted = {step["id"]: step for step in steps}
    reasons = []
    for turn, begin, end in windows(report):
        step = wanted[turn["id"]]
        if turn["to"] != "agent":
            continue
        text = server.spoken(lines, "agent", begin, end)
        for one in step.get("answer", []):
            if not any(words.contains(text, choice) or choice.lower() in text.lower() for choice in one.split("|")):
                reasons.append(f"after '{turn['said']}' the agent should say '{one}' but said '{text}'")
        for one in step.get("not_answer", []):
            if words.contains(text, one):
                reasons.append(f"after '{turn['said']}' the agent must not say '{one}': '{text}'")
    return reasons


def word_errors(report: dict, lines: list[dict]) -> tuple[int, int]:
    wrong = said = 0
    for turn, begin, end in windows(report):
        if turn["kind"] == "speech" and turn["to"] == "agent":
            one = words.errors(turn["said"], server.spoken(lines, "caller", begin, end, "speech"))
            wrong, said = wrong + one[0], said + one[1]
    return wrong, said


def typed(report: dict, lines: list[dict]) -> list[str]:
    reasons = []
    for turn, begin, end in windows(report):
        if turn["kind"] == "dtmf":
            heard = server.spoken(lines, "caller", begin, end, "dtmf")
            if "".join(c for c in heard if c.isdigit()) != turn["said"].strip("#*"):
                reasons.append(f"typed {turn['said']}, understood '{heard}'")
    return reasons


def transfer(expect: dict, report: dict, person: list[dict]) -> list[str]:
    if "transfer" not in expect:
        return ["a transfer that nobody asked for"] if report["transfers"] else []
    status = report["transfers"][-1]["status"] if report["transfers"] else None
    reasons = [] if status == expect["transfer"] else [f"transfer ended with {status}, not {expect['transfer']}"]
    wanted = ["answered", "heard"] if expect["transfer"] == 200 else ["refused"]
    names = [event["event"] for event in person]
    return reasons + [f"the person has no '{name}'" for name in wanted if name not in names]


class Shop:
    """Reads the shop's database itself, past the service."""

    def __init__(self, path):
        self.path = path

    def rows(self, query: str, *values) -> list[dict]:
        database = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        database.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in database.execute(query, values)]
        finally:
            database.close()

    def last_change(self) -> int:
        return self.rows("SELECT coalesce(max(id), 0) AS id FROM changes")[0]["id"]

    def check(self, expect: dict, after: int) -> list[str]:
        """The changes since `after` are the expected ones, each once, and the tables show them."""
        made = self.rows("SELECT * FROM changes WHERE id > ? ORDER BY id", after)
        wanted = expect.get("changes", [])
        reasons = []
        if [row["what"] for row in made] != [change["what"] for change in wanted]:
            reasons.append(f"changes are {[(row['what'], row['subject']) for row in made]}, expected {[c['what'] for c in wanted]}")
        if len({row["key"] for row in made}) != len(made):
            reasons.append("one idempotency key stands behind several changes")
        for row, change in zip(made, wanted):
            if row["what"] == change["what"]:
                reasons += self._compare(row, change)
        if made and "callback" in expect:
            number = int(made[-1]["subject"])
            found = self.rows("SELECT callback FROM cases WHERE number = ?", number)
            digits = "".join(c for c in (found[0]["callback"] or "") if c.isdigit()) if found else None
            if digits != expect["callback"]:
                reasons.append(f"case {number} has the call-back number {digits}, expected {expect['callback']}")
        return reasons

    def _compare(self, row: dict, change: dict) -> list[str]:
        what = f"{row['what']} of {row['subject']}"
        if change.get("subject", row["subject"]) != row["subject"]:
            return [f"{what}: expected {change['subject']}"]
        if change.get("after", row["after"]) != row["after"]:
            return [f"{what} to '{row['after']}', expected '{change['after']}'"]
        if "after_words" in change:
            wrong, count = words.errors(change["after_words"], row["after"])
            if wrong / count > change.get("most_errors", 0.34):
                return [f"{what} to '{row['after']}', expected '{change['after_words']}'"]
        if "after_contains" in change and not any(one in row["after"].lower() for one in change["after_contains"].split("|")):
            return [f"{what}: '{row['after']}' has none of '{change['after_contains']}'"]
        column = {"address_changed": "address", "delivery_moved": "delivery_date"}.get(row["what"])
        if column:
            now = self.rows(f"SELECT {column} AS value FROM orders WHERE number = ?", row["subject"])
            if [one["value"] for one in now] != [row["after"]]:
                return [f"{what} is logged but not in the table"]
        return []
