import Assistant
import Core

/// Holds assertions against what came of a turn.
struct AssertionCheck {
  let observation: Observation
  let definition: AssistantDefinition

  /// How an assertion came out.
  enum Verdict: Equatable {
    /// It holds; at which event, when it is about one.
    case holds(at: Int?)
    /// It does not: what was expected, and what was there.
    case fails(expected: String, found: String)
    /// It cannot be judged here.
    case notJudged(String)
  }

  /// Checks an assertion against the events from `start` on.
  func check(_ assertion: TestAssertion, from start: Int = 0) -> Verdict {
    switch assertion.kind {
    case .flowStarted(let wanted): return flows(wanted, "start", from: start) { $0.started }
    case .flowCompleted(let wanted): return flows(wanted, "complete", from: start) { $0.completed }
    case .flowCancelled(let wanted): return flows(wanted, "be cancelled", from: start) { $0.cancelled }
    case .clarifies(let flows): return clarifies(flows, from: start)
    case .slotWasSet(let slots): return slotsWereSet(slots, from: start)
    case .slotWasNotSet(let slots): return slotsWereNotSet(slots, from: start)
    case .actionExecuted(let action): return executed(action, from: start)
    case .botUttered(let wanted): return uttered(wanted, from: start)
    case .botDidNotUtter(let wanted): return didNotUtter(wanted, from: start)
    case .judged(let key): return .notJudged("\(key) needs a language model as a judge")
    }
  }

  // MARK: Flows and actions

  private func flows(
    _ wanted: FlowExpectation, _ verb: String, from start: Int,
    _ match: (Observation.Event) -> (flow: FlowID, step: StepID?)?
  ) -> Verdict {
    var seen: [(flow: FlowID, step: StepID?)] = []
    var places: [FlowID: Int] = [:]
    for (index, event) in observation.events.enumerated() where index >= start {
      guard let found = match(event) else { continue }
      seen.append(found)
      if wanted.step == nil || wanted.step == found.step, places[found.flow] == nil { places[found.flow] = index }
    }
    let hits = wanted.flows.compactMap { places[$0] }
    if wanted.anyOfThem ? !hits.isEmpty : hits.count == wanted.flows.count {
      return .holds(at: wanted.anyOfThem ? hits.min() : hits.max())
    }
    let names = wanted.flows.map(\.rawValue).joined(separator: wanted.anyOfThem ? " or " : " and ")
    let found = seen.map { wanted.step == nil ? $0.flow.rawValue : "\($0.flow) at step \($0.step?.rawValue ?? "?")" }
    return .fails(
      expected: "\(names) to \(verb)" + (wanted.step.map { " at step \($0)" } ?? ""),
      found: Self.list(found, nothing: "no flow did"))
  }

  private func clarifies(_ flows: [FlowID], from start: Int) -> Verdict {
    var offered: [FlowID] = []
    for (index, event) in observation.events.enumerated() where index >= start {
      guard case .clarified(let options) = event else { continue }
      if flows.allSatisfy(options.contains) { return .holds(at: index) }
      offered = options
    }
    return .fails(
      expected: "the caller to be asked to choose among " + flows.map(\.rawValue).joined(separator: ", "),
      found: Self.list(offered.map(\.rawValue), nothing: "no such question was asked"))
  }

  private func executed(_ action: ActionName, from start: Int) -> Verdict {
    if let index = observation.events.indices.first(where: { $0 >= start && observation.events[$0] == .action(action) })
    {
      return .holds(at: index)
    }
    let seen = observation.events.compactMap { if case .action(let name) = $0 { name.rawValue } else { nil } }
    return .fails(expected: "\(action) to run", found: Self.list(seen, nothing: "no action ran"))
  }

  // MARK: Slots

  private func slotsWereSet(_ wanted: [SlotExpectation], from start: Int) -> Verdict {
    var last: Int?
    for slot in wanted {
      guard let index = place(of: slot, from: start) else {
        return .fails(expected: "\(slot.slot) to be set\(Self.value(slot.wanted))", found: history(of: slot.slot))
      }
      last = max(last ?? index, index)
    }
    return .holds(at: last)
  }

  private func slotsWereNotSet(_ wanted: [SlotExpectation], from start: Int) -> Verdict {
    for slot in wanted where place(of: slot, from: start) != nil {
      return .fails(expected: "\(slot.slot) not to be set\(Self.value(slot.wanted))", found: history(of: slot.slot))
    }
    return .holds(at: nil)
  }

  private func place(of wanted: SlotExpectation, from start: Int) -> Int? {
    observation.events.indices.first { index in
      guard index >= start, case .slot(wanted.slot, let value) = observation.events[index] else { return false }
      let initial = definition.slots[wanted.slot]?.initialValue
      switch wanted.wanted {
      case .anything: return value != nil
      case .nothing: return value == nil || value == initial
      case .value(let expected): return value.map { Self.areSame($0, expected) } ?? false
      }
    }
  }

  private func history(of slot: SlotName) -> String {
    let values = observation.events.compactMap { event -> String? in
      guard case .slot(slot, let value) = event else { return nil }
      return value.map { "set to \(Self.text($0))" } ?? "cleared"
    }
    return Self.list(values, nothing: "it was not touched")
  }

  /// Whether two values are the same, however they are written: `2` and `2.0`, `true` and `True`, `Car` and `car`.
  static func areSame(_ left: SlotValue, _ right: SlotValue) -> Bool {
    if left == right { return true }
    if case .list(let ours) = left, case .list(let theirs) = right {
      return ours.count == theirs.count && zip(ours, theirs).allSatisfy(areSame)
    }
    guard let one = left.revealedText?.lowercased(), let other = right.revealedText?.lowercased() else { return false }
    if one == other { return true }
    if let one = Double(one), let other = Double(other) { return one == other }
    return false
  }

  // MARK: Words

  private func uttered(_ wanted: UtteranceExpectation, from start: Int) -> Verdict {
    for (index, event) in observation.events.enumerated() where index >= start {
      if case .said(let message) = event, matches(observation.messages[message], wanted) { return .holds(at: index) }
    }
    return .fails(expected: "the agent to say \(Self.text(wanted))", found: "the agent said " + said)
  }

  private func didNotUtter(_ wanted: UtteranceExpectation, from start: Int) -> Verdict {
    for (index, event) in observation.events.enumerated() where index >= start {
      if case .said(let message) = event, matches(observation.messages[message], wanted) {
        return .fails(expected: "the agent not to say \(Self.text(wanted))", found: "the agent said " + said)
      }
    }
    return .holds(at: nil)
  }

  private func matches(_ message: Observation.Message, _ wanted: UtteranceExpectation) -> Bool {
    if let response = wanted.response, response != message.response { return false }
    if let pattern = wanted.pattern, !Self.finds(pattern, in: message.text) { return false }
    if let buttons = wanted.buttons, !message.buttons.contains(where: { Self.areSame($0, buttons) }) { return false }
    return true
  }

  private static func areSame(_ shown: [ResponseButton], _ wanted: [ResponseButton]) -> Bool {
    shown.count == wanted.count
      && zip(shown, wanted).allSatisfy { shown, wanted in
        shown.title == wanted.title && (shown.payload == wanted.payload || wanted.payload == wanted.title)
      }
  }

  /// Finds a pattern in a text; white space of any kind and length counts as one space on both sides.
  private static func finds(_ pattern: String, in text: String) -> Bool {
    guard let regex = try? Regex(pattern) else { return false }
    return text.firstMatch(of: regex) != nil || collapsed(text).firstMatch(of: regex) != nil
      || collapsed(text).contains(collapsed(pattern))
  }

  static func collapsed(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  // MARK: Words for people

  private var said: String {
    Self.list(
      observation.messages.map { message in
        (message.response.map { $0.rawValue + " " } ?? "") + "\"" + Self.collapsed(message.text) + "\""
      }, nothing: "nothing")
  }

  private static func list(_ items: [String], nothing: String) -> String {
    items.isEmpty ? nothing : items.joined(separator: ", ")
  }

  private static func text(_ wanted: UtteranceExpectation) -> String {
    var parts: [String] = []
    if let response = wanted.response { parts.append(response.rawValue) }
    if let pattern = wanted.pattern { parts.append("something that matches \"\(pattern)\"") }
    if let buttons = wanted.buttons {
      parts.append("with buttons " + buttons.map { "\($0.title) (\($0.payload))" }.joined(separator: ", "))
    }
    return parts.joined(separator: ", ")
  }

  private static func value(_ wanted: SlotExpectation.Wanted) -> String {
    switch wanted {
    case .anything: ""
    case .nothing: " to nothing"
    case .value(let value): " to \(text(value))"
    }
  }

  private static func text(_ value: SlotValue) -> String { value.revealedText ?? "?" }
}

extension Observation.Event {
  fileprivate var started: (flow: FlowID, step: StepID?)? {
    if case .flowStarted(let flow) = self { (flow, nil) } else { nil }
  }
  fileprivate var completed: (flow: FlowID, step: StepID?)? {
    if case .flowCompleted(let flow, let step) = self { (flow, step) } else { nil }
  }
  fileprivate var cancelled: (flow: FlowID, step: StepID?)? {
    if case .flowCancelled(let flow, let step) = self { (flow, step) } else { nil }
  }
}
