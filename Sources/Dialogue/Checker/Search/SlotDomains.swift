import Core

/// The domains of all slots, made from every value that the assistant's files name.
struct SlotDomains: Sendable {
  let all: [SlotName: SlotDomain]
  let expressions = RegularExpressions()

  init(_ assistant: AssistantDefinition, jobs: [JobDefinition]) {
    var slots = assistant.slots
    for slot in BuiltInPatterns.slots where slots[slot.name] == nil { slots[slot.name] = slot }
    var named = NamedValues(slots: slots)
    for flow in assistant.flows.values.sorted(by: { $0.id < $1.id }) { named.add(flow) }
    for slot in slots.values.sorted(by: { $0.name < $1.name }) {
      if let value = slot.initialValue { named.add(value, to: slot.name) }
      for rejection in slot.rejections { named.add(rejection.condition) }
    }
    for response in assistant.responses.values.sorted(by: { $0.name < $1.name }) {
      for variant in response.variants { if let condition = variant.condition { named.add(condition) } }
    }
    for tool in assistant.tools.values.sorted(by: { $0.name < $1.name }) { named.add(tool) }
    for job in jobs { if let success = job.success { named.add(success) } }
    for outcome in TransferOutcome.allCases { named.add(.text(outcome.rawValue), to: BuiltInSlot.transferOutcome) }
    if slots[IdentityLadder.slot] != nil {
      for level in 0...3 { named.add(.number(Double(level)), to: IdentityLadder.slot) }
    }
    let flags = Set(assistant.tools.values.compactMap(\.confirmedBy))
    all = slots.mapValues { slot in
      SlotDomain(
        slot, constants: named.values[slot.name] ?? [], isConfirmation: flags.contains(slot.name),
        isExact: slot.name == IdentityLadder.slot)
    }
  }
}

/// Values that conditions, steps and tools name, by slot.
private struct NamedValues {
  let slots: [SlotName: SlotDefinition]
  private(set) var values: [SlotName: [SlotValue]] = [:]

  init(slots: [SlotName: SlotDefinition]) { self.slots = slots }

  mutating func add(_ value: SlotValue, to slot: SlotName) { values[slot, default: []].append(value) }

  mutating func add(_ flow: Flow) {
    if let condition = flow.guardCondition { add(condition) }
    for step in flow.steps {
      for branch in step.next { if let condition = branch.condition { add(condition) } }
      switch step.kind {
      case .collect(let collect): for rejection in collect.rejections { add(rejection.condition) }
      case .setSlots(let assignments):
        for assignment in assignments { if let value = assignment.value { add(value, to: assignment.slot) } }
      default: break
      }
    }
  }

  mutating func add(_ tool: ToolDefinition) {
    for field in tool.results { if let slot = field.slot { for value in field.values { add(.text(value), to: slot) } } }
    if let condition = tool.approval?.condition { add(condition) }
    guard let slot = tool.outcomeSlot else { return }
    for word in tool.outcomes { add(.text(word), to: slot) }
  }

  mutating func add(_ predicate: Predicate) {
    switch predicate {
    case .literal, .matches: break
    case .not(let inner): add(inner)
    case .all(let parts), .any(let parts): for part in parts { add(part) }
    case .compare(.slot(let slot), _, .literal(let value?)), .compare(.literal(let value?), _, .slot(let slot)):
      add(value, to: slot)
    case .contains(.set(let members), .slot(let slot)): for member in members { add(member, to: slot) }
    case .truthy(.slot(let slot)): if case .float? = slots[slot]?.type { add(.number(0), to: slot) }
    case .compare, .contains, .truthy: break
    }
  }
}

extension ToolDefinition {
  /// Every word its outcome slot can hold, `completed` first.
  var outcomes: [String] { ["completed"] + refusals + ["failed"] + (changesState ? ["unknown"] : []) }
}
