import Core
import Dialogue

/// Reads one assertion of a step.
struct AssertionReader {
  private static let keys = [
    "flow_started", "flow_completed", "flow_cancelled", "pattern_clarification_contains", "slot_was_set",
    "slot_was_not_set", "action_executed", "bot_uttered", "bot_did_not_utter", "generative_response_is_relevant",
    "generative_response_is_grounded",
  ]

  func assertion(_ reader: YAMLReader) -> TestAssertion? {
    guard let map = reader.map("an assertion", keys: Self.keys) else { return nil }
    let present = Self.keys.filter { map.entries[$0] != nil }
    guard let key = present.first, map.excludes(present, hint: "each assertion is an item of its own"),
      let value = map.required(key), let kind = kind(key, value)
    else {
      if present.isEmpty, map.entries.isEmpty {
        reader.error(.missingKey, "the assertion is empty", hint: NearestName.hint("", among: Self.keys))
      }
      return nil
    }
    return TestAssertion(kind, source: reader.location)
  }

  private func kind(_ key: String, _ value: YAMLReader) -> TestAssertion.Kind? {
    switch key {
    case "flow_started": return flows(value, hasStep: false).map { .flowStarted($0) }
    case "flow_completed": return flows(value).map { .flowCompleted($0) }
    case "flow_cancelled": return flows(value).map { .flowCancelled($0) }
    case "pattern_clarification_contains":
      return value.items("a list of flows").map { .clarifies($0.compactMap { $0.name("a flow") }.map { FlowID($0) }) }
    case "slot_was_set": return .slotWasSet(slots(value))
    case "slot_was_not_set": return .slotWasNotSet(slots(value))
    case "action_executed": return value.name("an action").map { .actionExecuted(ActionName($0)) }
    case "bot_uttered": return utterance(value).map { .botUttered($0) }
    case "bot_did_not_utter": return utterance(value).map { .botDidNotUtter($0) }
    default:
      _ = value.map(
        "a judged assertion", keys: ["threshold", "utter_name", "utter_source", "ground_truth"])?.required("threshold")
      return .judged(key)
    }
  }

  private func flows(_ reader: YAMLReader, hasStep: Bool = true) -> FlowExpectation? {
    guard reader.isMapping else { return reader.name("a flow").map { FlowExpectation([FlowID($0)]) } }
    guard let map = reader.map("flows", keys: ["operator", "flow_ids", "flow_id"] + (hasStep ? ["flow_step_id"] : [])),
      map.excludes(["flow_id", "flow_ids"])
    else { return nil }
    let step = map["flow_step_id"]?.name("a step").map { StepID($0) }
    if let one = map["flow_id"] { return one.name("a flow").map { FlowExpectation([FlowID($0)], step: step) } }
    let ids = map.required("flow_ids", hint: "`flow_id: name`, or `flow_ids: [...]`")?.items("a list of flows")
    guard let flows = ids?.compactMap({ $0.name("a flow") }).map({ FlowID($0) }), !flows.isEmpty else { return nil }
    var anyOfThem = false
    if let reader = map["operator"], let word = reader.text("`any` or `all`") {
      if word != "any", word != "all" { reader.error(.wrongValue, "`\(word)` is no operator", hint: "`any` or `all`") }
      anyOfThem = word == "any"
    }
    return FlowExpectation(flows, anyOfThem: anyOfThem, step: step)
  }

  /// `[{name, value?}]` of an assertion.
  private func slots(_ reader: YAMLReader) -> [SlotExpectation] {
    (reader.items("a list of slots", orSingle: true) ?? []).compactMap { item in
      guard let map = item.map("a slot", keys: ["name", "value"]), let name = map.required("name")?.name("a slot")
      else { return nil }
      return SlotExpectation(SlotName(name), map.raw("value").map(wanted) ?? .anything)
    }
  }

  /// `- name` or `- name: value` of a classic step.
  func classicSlots(_ reader: YAMLReader) -> [SlotExpectation] {
    (reader.items("a list of slots", orSingle: true) ?? []).flatMap { item -> [SlotExpectation] in
      guard item.isMapping else { return item.name("a slot").map { [SlotExpectation(SlotName($0))] } ?? [] }
      return (item.entries("slots and values") ?? []).map { entry, value in
        SlotExpectation(SlotName(entry.key), wanted(value))
      }
    }
  }

  private func wanted(_ reader: YAMLReader) -> SlotExpectation.Wanted {
    reader.slotValue(for: .any).map { .value($0) } ?? .nothing
  }

  private func utterance(_ reader: YAMLReader) -> UtteranceExpectation? {
    guard let map = reader.map("a message", keys: ["utter_name", "text_matches", "buttons"]) else { return nil }
    guard !map.entries.isEmpty else {
      reader.error(.missingKey, "nothing is said about the message", hint: "`utter_name`, `text_matches` or `buttons`")
      return nil
    }
    let pattern = map["text_matches"]?.text("a regular expression", quietly: true)
    if let pattern, (try? Regex(pattern)) == nil {
      map["text_matches"]?.error(.wrongValue, "`\(pattern)` is no regular expression")
    }
    return UtteranceExpectation(
      response: map["utter_name"]?.name("a response").map { ResponseName($0) }, pattern: pattern,
      buttons: map["buttons"]?.items("a list of buttons")?.compactMap(Self.button))
  }

  /// A button with its title and payload.
  static func button(_ reader: YAMLReader) -> ResponseButton? {
    guard let map = reader.map("a button", keys: ["title", "payload"]),
      let title = map.required("title")?.text("a title", quietly: true)
    else { return nil }
    return ResponseButton(title: title, payload: map["payload"]?.text("a payload", quietly: true) ?? title)
  }
}
