"""A plan for the stand-in agent that makes scenarios come true, so that the driver can be tested without a server."""

import scenario as scenarios
import voices


def plan(chosen: list[dict], person: str, misheard: int = 0) -> dict:
    """`chosen` are concrete scenarios in the order of the calls. The first `misheard` turns of each lose a word."""
    return {"endpoint_ms": 1200, "calls": [call(one, person, misheard) for one in chosen]}


def call(found: dict, person: str, misheard: int) -> dict:
    answers = []
    steps = found["steps"]
    for number, step in enumerate(steps):
        if step["do"] not in ("say", "dtmf") or step.get("to") == "person":
            continue
        words = [one.split("|")[0] for one in step.get("answer", [])]
        following = steps[number + 1] if number + 1 < len(steps) else {}
        answer = {"say": step.get("agent") or ", ".join(words) or "All right."}
        if "barge_in_ms" in following:
            answer["say"] += ". Here is some more that nobody wants to hear to its very end, as it goes on and on"
        if step["do"] == "say":
            said = voices.said(step["parts"])
            answer["heard"] = said.split(" ", 1)[-1] if len(answers) < misheard else said
        if "commits" in step:
            answer["request"] = request(found["expect"]["changes"][step["commits"]], found["expect"])
        if following.get("do") == "transfer":
            answer.update(refer=person, refused="Nobody is free. Shall we call you back?")
        if following.get("do") == "await_hang_up":
            answer["hang_up"] = True
        answers.append(answer)
    return {"greeting": "Welcome to the shop. How can I help you?", "answers": answers, "outcome": found["expect"].get("outcome")}


def request(change: dict, expect: dict) -> dict:
    if change["what"] == "address_changed":
        return {"path": f"/orders/{change['subject']}/address", "body": {"address": change["after_words"]}}
    if change["what"] == "delivery_moved":
        return {"path": f"/orders/{change['subject']}/delivery", "body": {"date": change["after"]}}
    summary = change.get("after_contains", "please call back").split("|")[0]
    return {"path": "/cases", "body": {"summary": summary, **({"callback": expect["callback"]} if "callback" in expect else {})}}
