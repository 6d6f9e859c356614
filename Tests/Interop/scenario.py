"""Conversations as data: a JSON file of steps, made concrete for one call.

A scenario has `vars` (name to list of values), `steps` and `expect`. Variant n takes the n-th value of each list and
the n-th wording of each step that offers several (`any`). `{name}` in a text is replaced; a value may be an object
whose fields are `{name.field}`. {"days_ahead": 9} becomes a date with `iso` and `spoken`.
"""

import datetime
import json
import pathlib
import re

DOES = {"listen", "say", "dtmf", "silence", "transfer", "hang_up", "await_hang_up"}
KEYS = {
    "do", "id", "any", "parts", "text", "digits", "barge_in_ms", "answer", "not_answer", "quiet_ms", "timeout_s", "seconds", "to",
    "until_agent", "gap_ms", "status", "agent", "commits", "optional",
}
SCENARIO_KEYS = {"name", "about", "vars", "steps", "expect", "person", "quiet_ms", "hold_s"}
ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth "
    "twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
).split()


class ScenarioError(ValueError):
    pass


def date(today: datetime.date, days: int) -> dict:
    day = today + datetime.timedelta(days=days)
    month, weekday, ordinal = day.strftime("%B"), day.strftime("%A"), ORDINALS[day.day - 1].replace("-", " ")
    return {"iso": day.isoformat(), "spoken": f"the {ordinal} of {month}", "weekday": weekday, "month": month, "ordinal": ordinal}


def fill(value, values: dict):
    """Replaces `{name}` and `{name.field}` everywhere in a JSON value."""
    if isinstance(value, list):
        return [fill(item, values) for item in value]
    if isinstance(value, dict):
        return {key: fill(item, values) for key, item in value.items()}
    if not isinstance(value, str):
        return value

    def one(match):
        found = values
        for name in match[1].split("."):
            if not isinstance(found, dict) or name not in found:
                raise ScenarioError(f"{{{match[1]}}} is not a variable of this scenario")
            found = found[name]
        return str(found)

    return re.sub(r"\{([a-z_.]+)\}", one, value)


def load(path) -> dict:
    scenario = json.loads(pathlib.Path(path).read_text())
    where = pathlib.Path(path).name
    if unknown := set(scenario) - SCENARIO_KEYS:
        raise ScenarioError(f"{where}: unknown keys {sorted(unknown)}")
    for number, step in enumerate(scenario["steps"]):
        if step.get("do") not in DOES or set(step) - KEYS:
            raise ScenarioError(f"{where}, step {number}: unknown step or keys {sorted(set(step) - KEYS)}")
    return scenario


def concrete(scenario: dict, variant: int = 0, today: datetime.date | None = None) -> dict:
    """The scenario of one call: no choices, no variables, no dates relative to anything."""
    today = today or datetime.date.today()
    values = {}
    for name, choices in scenario.get("vars", {}).items():
        value = choices[variant % len(choices)]
        values[name] = date(today, value["days_ahead"]) if isinstance(value, dict) and "days_ahead" in value else value
    steps = []
    for number, step in enumerate(scenario["steps"]):
        step = dict(step)
        if "any" in step:
            step["parts"] = step["any"][variant % len(step.pop("any"))]
        if "text" in step:
            step["parts"] = [{"text": step.pop("text")}]
        if isinstance(step.get("parts"), str):
            step["parts"] = [{"text": step["parts"]}]
        step.setdefault("id", f"{step['do']}-{number}")
        steps.append(fill(step, values))
    made = {key: scenario[key] for key in ("name", "quiet_ms", "hold_s", "person") if key in scenario}
    return {**made, "variant": variant, "steps": steps, "expect": fill(scenario.get("expect", {}), values)}


def spoken_turns(steps: list[dict]) -> list[dict]:
    return [step for step in steps if step["do"] == "say"]


def caller_turns(steps: list[dict]) -> list[dict]:
    return [step for step in steps if step["do"] in ("say", "dtmf")]
