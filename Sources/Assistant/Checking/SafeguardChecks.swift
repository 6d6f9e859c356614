import Core

/// Checks that what flows and tools need can be had, and by nobody's mere word.
struct SafeguardChecks {
  let context: ReadingContext
  let own: Draft
  let whole: Draft
  let settings: AssistantSettings

  func check() {
    checkHeldSlots()
    checkIdentification()
    for flow in own.flows.values.sorted(by: { $0.id < $1.id }) { check(flow) }
    for tool in own.tools.values.sorted(by: { $0.name < $1.name }) {
      guard let approval = tool.approval, approval.tool == nil else { continue }
      context.log.warning(
        .advice, at: tool.source, key: "tools.\(tool.name).approval",
        "no `tool` asks the \(approval.role), so the answer is always no",
        hint: "name the tool that asks a person, such as `tool: ask_\(approval.role)`")
    }
  }

  /// Slots that hold who the caller is and what was consented to are filled by tools and steps only.
  private func checkHeldSlots() {
    let held: [(SlotName, SlotType)] =
      [(IdentityLadder.slot, .float(minimum: 0, maximum: 3))] + settings.consents.values.map { ($0.slot, .bool) }
    for (name, type) in held.sorted(by: { $0.0 < $1.0 }) {
      guard let slot = own.slots[name], slot.filledBy != .controlled || slot.type != type else { continue }
      context.log.error(
        .wrongValue, at: slot.source, key: "slots.\(name)",
        "`\(name)` decides what a caller may do, so no caller fills it",
        hint: "leave it out: every assistant has it")
    }
  }

  private func check(_ flow: Flow) {
    let held = Set([IdentityLadder.slot] + settings.consents.values.map(\.slot))
    for step in flow.steps {
      switch step.kind {
      case .collect(let collect) where held.contains(collect.slot):
        error(
          step, of: flow, "`\(collect.slot)` decides what a caller may do, so no caller is asked for it",
          hint: "set it behind a check, or let `voice: {consent: ...}` ask")
      case .collect(let collect)
      where collect.voice.confirmation != .none
        && (collect.voice.masksKeys || whole.slots[collect.slot]?.label == .secret):
        error(
          step, of: flow, "`\(collect.slot)` is a secret and is never spoken, so it cannot be read back",
          hint: "leave `confirmation` out")
      case .collect(let collect)
      where collect.voice.masksKeys && whole.slots[collect.slot].map({ $0.label == nil }) ?? false:
        error(
          step, of: flow,
          "`\(collect.slot)` is keyed under a mask, and without a label it would stand in the journal in clear",
          hint: "give the slot `voice: {label: secret}`, or card or identifier")
      case .action(let name):
        guard flow.isPattern, let tool = whole.tools[name], tool.isGuarded else { continue }
        error(
          step, of: flow, "`\(name)` has to be allowed first, and a pattern cannot ask for that",
          hint: "run it in a flow")
      default: break
      }
    }
    if let handler = flow.voice.onHangUp.flatMap({ whole.flows[$0] }),
      let step = handler.steps.first(where: { if case .collect = $0.kind { true } else { false } })
    {
      error(
        step, of: handler, "`\(flow.id)` runs this flow when the caller has hung up: nobody answers a question",
        hint: "leave the question out")
    }
  }

  private func error(_ step: FlowStep, of flow: Flow, _ message: String, hint: String) {
    context.log.error(
      .wrongValue, at: step.source, key: "flows.\(flow.id).steps.\(step.id)", message, hint: hint)
  }

  private func checkIdentification() {
    var need: (what: String, at: SourceLocation)?
    for flow in own.flows.values.sorted(by: { $0.id < $1.id }) where flow.voice.identity > .none {
      need = need ?? ("flows.\(flow.id).voice.identity", flow.source)
    }
    for tool in own.tools.values.sorted(by: { $0.name < $1.name }) where tool.identity > .none {
      need = need ?? ("tools.\(tool.name).identity", tool.source)
    }
    guard let need, !context.log.hasErrors else { return }
    guard let flow = own.flows[settings.identity.flow] else {
      context.log.error(
        .missingKey, at: need.at, key: need.what, "no flow finds out who calls",
        hint: "name one in assistant.yml, such as `identity: {flow: verify_caller}`")
      return
    }
    if flow.voice.identity > .none || !flow.voice.consents.isEmpty {
      context.log.error(
        .conflictingKeys, at: flow.source, key: "flows.\(flow.id).voice",
        "`\(flow.id)` finds out who calls, so it may not need that itself", hint: "remove `identity` and `consent`")
    }
    for step in flow.steps {
      guard case .link(let target) = step.kind, !target.rawValue.hasPrefix("pattern_") else { continue }
      error(
        step, of: flow, "`\(flow.id)` finds out who calls and has to come back to what needs it",
        hint: "write `call: \(target)`")
    }
    guard !raises(flow) else { return }
    context.log.error(
      .wrongValue, at: flow.source, key: "flows.\(flow.id)",
      "`\(flow.id)` never sets `\(IdentityLadder.slot)`, so nobody is ever identified",
      hint: "fill it from a tool's result, or write `set_slots: [{\(IdentityLadder.slot): 2}]` behind the check")
  }

  /// Whether a flow, or one it calls, sets the level.
  private func raises(_ flow: Flow) -> Bool {
    var open = [flow.id]
    var seen: Set<FlowID> = []
    while let id = open.popLast() {
      guard seen.insert(id).inserted, let flow = whole.flows[id] else { continue }
      for step in flow.steps {
        switch step.kind {
        case .setSlots(let assignments) where assignments.contains { $0.slot == IdentityLadder.slot && $0.value != nil }:
          return true
        case .action(let name) where whole.tools[name]?.results.contains { $0.slot == IdentityLadder.slot } ?? false:
          return true
        case .call(let target): open.append(target)
        default: break
        }
      }
    }
    return false
  }
}

extension ToolDefinition {
  /// Whether anything has to be asked for before it runs.
  fileprivate var isGuarded: Bool { identity > .none || !consents.isEmpty || approval != nil }
}
