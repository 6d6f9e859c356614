import Core
import Dialogue

/// Finds names in test cases that the assistant does not have: an assertion about such a one says nothing, and one that something did
/// not happen holds for ever.
public enum CaseNames {
  /// What is wrong: errors for an assistant of our own, warnings for a project of another maker.
  public static func problems(in cases: [TestCase], of assistant: LoadedAssistant) -> [AssistantProblem] {
    var finder = Finder(assistant: assistant)
    for test in cases {
      for fixture in test.fixtures { finder.slot(fixture.slot, at: test.source) }
      for (action, stub) in test.stubs { finder.action(action, at: stub.source) }
      for step in test.steps {
        finder.look(at: step)
        for assertion in step.assertions { finder.look(at: assertion) }
      }
    }
    return finder.log.sorted
  }

  private struct Finder {
    let assistant: LoadedAssistant
    let log = ProblemLog()
    private let actions: Set<String>

    init(assistant: LoadedAssistant) {
      self.assistant = assistant
      actions = Set(assistant.definition.tools.keys.map(\.rawValue)).union(
        assistant.actionsWithoutTool.map(\.rawValue)
      ).union(References.builtInActions).union(assistant.definition.responses.keys.map(\.rawValue))
    }

    mutating func look(at step: TestStep) {
      switch step.kind {
      case .utter(let name): response(name, at: step.source)
      case .heard(let what) where what.hasPrefix("utter_") && !what.contains(" "):
        response(ResponseName(what), at: step.source)
      case .slotWasSet(let slots), .slotWasNotSet(let slots): for wanted in slots { slot(wanted.slot, at: step.source) }
      case .user, .keys, .silence, .hangUp, .heard, .bot: break
      }
    }

    mutating func look(at assertion: TestAssertion) {
      let place = assertion.source
      switch assertion.kind {
      case .flowStarted(let wanted), .flowCompleted(let wanted), .flowCancelled(let wanted):
        for id in wanted.flows { flow(id, at: place) }
        if let step = wanted.step { self.step(step, of: wanted.flows, at: place) }
      case .clarifies(let flows): for id in flows { flow(id, at: place) }
      case .slotWasSet(let slots), .slotWasNotSet(let slots): for wanted in slots { slot(wanted.slot, at: place) }
      case .actionExecuted(let action): self.action(action, at: place)
      case .botUttered(let wanted), .botDidNotUtter(let wanted):
        if let name = wanted.response { response(name, at: place) }
      case .judged: break
      }
    }

    mutating func slot(_ name: SlotName, at place: SourceLocation) {
      missing("slot", name.rawValue, among: Set(assistant.definition.slots.keys.map(\.rawValue)), at: place)
    }

    mutating func action(_ name: ActionName, at place: SourceLocation) {
      missing("action", name.rawValue, among: actions, at: place)
    }

    private mutating func response(_ name: ResponseName, at place: SourceLocation) {
      missing("response", name.rawValue, among: Set(assistant.definition.responses.keys.map(\.rawValue)), at: place)
    }

    private mutating func flow(_ id: FlowID, at place: SourceLocation) {
      missing("flow", id.rawValue, among: Set(assistant.definition.flows.keys.map(\.rawValue)), at: place)
    }

    private mutating func step(_ id: StepID, of flows: [FlowID], at place: SourceLocation) {
      let steps = flows.flatMap { assistant.definition.flows[$0]?.steps.map(\.id.rawValue) ?? [] }
      if !steps.isEmpty { missing("step", id.rawValue, among: Set(steps), at: place) }
    }

    private func missing(_ kind: String, _ name: String, among known: Set<String>, at place: SourceLocation) {
      guard !known.contains(name) else { return }
      let hint = NearestName.find(name, among: known).map { "did you mean `\($0)`?" }
      let message = "the assistant has no \(kind) `\(name)`"
      if assistant.layout == .native {
        log.error(.unknownName, at: place, key: kind, message, hint: hint)
      } else {
        log.warning(.unknownName, at: place, key: kind, message, hint: hint)
      }
    }
  }
}
