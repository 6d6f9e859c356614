import Core

/// Reads one step of a test case.
struct StepOfCaseReader {
  let log: ProblemLog

  private static let kinds = [
    "user", "dtmf", "silence", "hangup", "heard", "bot", "utter", "slot_was_set", "slot_was_not_set",
  ]
  /// Keys that go with each kind of step.
  private static let companions: [String: [String]] = [
    "user": ["assertions", "assertion_order_enabled", "metadata", "within_ms", "asr_confidence", "barge_in_at"],
    "dtmf": ["assertions", "assertion_order_enabled", "metadata", "within_ms", "barge_in_at"],
    "silence": ["assertions", "assertion_order_enabled", "metadata"],
    "hangup": ["assertions", "assertion_order_enabled", "metadata"],
  ]
  private static let allCompanions = [
    "assertions", "assertion_order_enabled", "metadata", "within_ms", "asr_confidence", "barge_in_at",
  ]

  func step(_ reader: YAMLReader, metadata: (YAMLReader?) -> Void) -> TestStep? {
    guard let map = reader.map("a step", keys: Self.kinds + Self.allCompanions) else { return nil }
    let present = Self.kinds.filter { map.entries[$0] != nil }
    guard let name = present.first else {
      reader.error(
        .missingKey, "the step says neither what the caller does nor what must come of it",
        hint: "one of " + Self.kinds.map { "`\($0)`" }.joined(separator: ", "))
      return nil
    }
    guard map.excludes(present, hint: "a step is one thing; write another step") else { return nil }
    let allowed = Self.companions[name] ?? []
    for key in Self.allCompanions where map.entries[key] != nil && !allowed.contains(key) {
      log.error(
        .conflictingKeys, at: map.keyLocation(key), key: reader.joined(key), "`\(key)` does not go with `\(name)`",
        hint: allowed.isEmpty
          ? "assertions stand at what the caller does" : "with it go " + allowed.joined(separator: ", "))
    }
    guard let value = map.raw(name), let kind = kind(name, value, map) else { return nil }
    metadata(map["metadata"])
    let assertions =
      (map["assertions"]?.items("a list of assertions") ?? []).compactMap { AssertionReader().assertion($0) }
    return TestStep(
      kind, assertions: assertions, isOrdered: map.bool("assertion_order_enabled", default: false),
      withinMilliseconds: map["within_ms"]?.integer(in: 1...600_000), source: reader.location)
  }

  private func kind(_ name: String, _ value: YAMLReader, _ map: YAMLMap) -> TestStep.Kind? {
    switch name {
    case "user":
      return value.text("what the caller says", quietly: true).map {
        .user($0, confidence: map["asr_confidence"]?.confidence(), bargeInAt: map["barge_in_at"]?.span())
      }
    case "dtmf":
      guard let keys = value.text("keys", quietly: true) else { return nil }
      if case .plain? = value.scalar?.style, keys.hasPrefix("0"), keys.count > 1 || keys.contains("x") {
        value.warning(.ambiguousValue, "some readers take `\(keys)` for an octal number", hint: "put it in quotes")
      }
      guard !keys.isEmpty, keys.allSatisfy({ "0123456789*#ABCD".contains($0) }) else {
        value.error(.wrongValue, "`\(keys)` are no keys", hint: "`0` to `9`, `*`, `#`, in quotes")
        return nil
      }
      return .keys(keys, bargeInAt: map["barge_in_at"]?.span())
    case "silence": return value.span().map { .silence($0) }
    case "hangup":
      guard value.bool() == true else {
        value.error(.wrongValue, "write `hangup: true`")
        return nil
      }
      return .hangUp
    case "heard": return value.text("a response or words", quietly: true).map { .heard($0) }
    case "bot": return value.text("what the agent says", quietly: true).map { .bot($0) }
    case "utter": return value.name("a response").map { .utter(ResponseName($0)) }
    case "slot_was_set": return .slotWasSet(AssertionReader().classicSlots(value))
    default: return .slotWasNotSet(AssertionReader().classicSlots(value))
    }
  }
}
