import Assistant
import Core

/// How the actions of one case go: by its stubs, else by what `tools.yml` declares.
///
/// An action without a stub completes. What it would answer is made up from its declaration: the first value that is allowed, the
/// value that goes in under the same slot, a whole number 1, a yes, tomorrow for a date. The report names such actions, so that
/// nobody takes what is made up for what a back end does.
struct StubbedActions {
  private let stubs: [ActionName: ActionStub]
  private let definition: AssistantDefinition
  private let tomorrow: String
  private var calls: [ActionName: Int] = [:]
  /// Actions that ran without a stub.
  private(set) var madeUp: Set<ActionName> = []

  init(stubs: [ActionName: ActionStub], definition: AssistantDefinition, tomorrow: String) {
    self.stubs = stubs
    self.definition = definition
    self.tomorrow = tomorrow
  }

  /// The assistant with a tool for every action that nothing here runs: those that are stubbed, and those a project of another
  /// maker declares. What such a one may answer is in its stub.
  static func equip(
    _ original: AssistantDefinition, stubs: [ActionName: ActionStub], undeclared: Set<ActionName>
  ) -> AssistantDefinition {
    var tools: [ActionName: ToolDefinition] = [:]
    let silent = undeclared.filter { action in
      let name = action.rawValue
      if name.hasPrefix("validate_") { return false }
      guard name.hasPrefix("action_ask_") else { return true }
      return original.responses[ResponseName("utter_ask_" + name.dropFirst(11))] == nil
    }
    for action in silent.union(stubs.keys) where original.tools[action] == nil && action != Self.transferring {
      let cleared = stubs[action]?.answers.flatMap { $0.slots.filter { $0.value == nil }.map(\.slot) } ?? []
      tools[action] = ToolDefinition(
        name: action, summary: "stands for an action of another process", request: ToolRequest(method: "GET", url: "/"),
        arguments: [],
        results: Set(cleared).sorted().map { ToolField(path: $0.rawValue, type: .string, slot: $0, isRequired: false) },
        changesState: false,
        source: stubs[action]?.source ?? SourceLocation(file: "tests", line: 1, column: 1))
    }
    return original.adding(tools: tools)
  }

  private static let transferring: ActionName = "action_transfer"

  /// How a transfer goes: accepted, unless a stub of `action_transfer` names another outcome.
  mutating func transfer() -> TransferOutcome {
    let call = calls[Self.transferring, default: 0]
    calls[Self.transferring] = call + 1
    guard let stub = stubs[Self.transferring] else { return .accepted }
    switch stub.answers[min(call, stub.answers.count - 1)].outcome {
    case .completed: return .accepted
    case .refused(let code): return TransferOutcome(rawValue: code) ?? .declined
    case .failed, .unknown: return .unreachable
    }
  }

  /// The answer to an invocation.
  ///
  /// - Parameter slots: what the conversation knows, to fill responses with.
  mutating func answer(_ invocation: ToolInvocation, slots: [SlotName: SlotValue]) -> RehearsedCall.ActionResult {
    let call = calls[invocation.tool, default: 0]
    calls[invocation.tool] = call + 1
    guard let stub = stubs[invocation.tool] else {
      madeUp.insert(invocation.tool)
      return RehearsedCall.ActionResult(outcome: .completed(invented(invocation)))
    }
    let answer = stub.answers[min(call, stub.answers.count - 1)]
    var set: [SlotName: SlotValue] = [:]
    for assignment in answer.slots { set[assignment.slot] = assignment.value }
    let outcome: ToolOutcome =
      switch answer.outcome {
      case .completed: .completed(set)
      case .refused(let code): .refused(code)
      case .failed: .failed(.unreachable)
      case .unknown: .unknown
      }
    let known = slots.merging(set) { $1 }
    let words = answer.responses.map { response in
      RehearsedCall.SaidByAction(
        response: response.response, text: response.text ?? response.response.map { text(of: $0, known) } ?? "",
        buttons: response.buttons.isEmpty
          ? response.response.flatMap { definition.responses[$0]?.variants.first?.buttons } ?? [] : response.buttons)
    }
    return RehearsedCall.ActionResult(outcome: outcome, after: answer.after, says: words)
  }

  private func invented(_ invocation: ToolInvocation) -> [SlotName: SlotValue] {
    guard let tool = definition.tools[invocation.tool] else { return [:] }
    var values: [SlotName: SlotValue] = [:]
    for field in tool.results {
      guard let slot = field.slot else { continue }
      let given = tool.arguments.first { $0.slot == slot }.flatMap { invocation.arguments[$0.name] }
      values[slot] = given ?? invented(field, slot)
    }
    return values
  }

  private func invented(_ field: ToolField, _ slot: SlotName) -> SlotValue? {
    if let first = field.values.first { return .text(first) }
    if case .categorical(let values)? = definition.slots[slot]?.type, let first = values.first { return .text(first) }
    switch definition.slots[slot]?.effectiveGrammar {
    case .date?: return .text(tomorrow)
    case .time?: return .text("10:00")
    default: break
    }
    switch field.type {
    case .string: return .text(slot.rawValue)
    case .integer, .number: return .number(1)
    case .boolean: return .bool(true)
    case .array: return .list([])
    }
  }

  /// A response's first variant with its places filled.
  private func text(of name: ResponseName, _ slots: [SlotName: SlotValue]) -> String {
    let pieces = definition.responses[name]?.variants.first?.text.pieces ?? []
    return pieces.map { piece in
      switch piece {
      case .literal(let text): text
      case .slot(let slot): slots[slot]?.revealedText ?? ""
      case .expression(.path(let path)):
        path.count == 2 && path[0] == "slots" ? slots[SlotName(path[1])]?.revealedText ?? "" : ""
      case .expression, .choice: ""
      }
    }.joined()
  }
}
