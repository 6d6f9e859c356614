import Core

/// A journey with everything it calls and links to: what that writes and what it leaves behind.
struct Closure: Sendable {
  let root: Flow
  let flows: [Flow]
  /// What its steps and tools can put into slots, emptiness included.
  private(set) var writes: [SlotName: ValueSet] = [:]
  /// Slots that go back to their initial value at its end.
  private(set) var resets: Set<SlotName> = []
  /// Slots the caller can fill at any time in it.
  private(set) var volunteered: Set<SlotName> = []

  init(of root: Flow, in world: SearchWorld) {
    self.root = root
    var open = [root]
    var seen: Set<FlowID> = [root.id]
    var flows: [Flow] = []
    while let flow = open.popLast() {
      flows.append(flow)
      for step in flow.steps {
        switch step.kind {
        case .call(let target), .link(let target):
          if let next = world.assistant.flows[target], seen.insert(target).inserted { open.append(next) }
        default: break
        }
      }
    }
    self.flows = flows
    for flow in flows { add(flow, world) }
  }

  private mutating func add(_ flow: Flow, _ world: SearchWorld) {
    resets.formUnion(world.resets(of: flow))
    for step in flow.steps {
      switch step.kind {
      case .collect(let collect):
        guard let domain = world.domains.all[collect.slot] else { continue }
        writes[collect.slot, default: []].formUnion(domain.filled)
        if collect.asksBeforeFilling { writes[collect.slot, default: []].formUnion(.nothing) }
        let isOwnStepOnly = collect.asksBeforeFilling || world.confirmations.contains(collect.slot)
        if !isOwnStepOnly, domain.definition.filledBy == .understanding { volunteered.insert(collect.slot) }
      case .setSlots(let assignments):
        for assignment in assignments {
          guard let domain = world.domains.all[assignment.slot] else { continue }
          writes[assignment.slot, default: []].formUnion(domain.set(of: assignment.value))
        }
      case .action("action_transfer"):
        writes[BuiltInSlot.transferOutcome, default: []].formUnion(world.transferOutcomes)
      case .action(let name):
        if let tool = world.assistant.tools[name] {
          for (slot, set) in world.results(of: tool) { writes[slot, default: []].formUnion(set.union(.nothing)) }
          if let slot = tool.outcomeSlot, let domain = world.domains.all[slot] {
            for word in tool.outcomes { writes[slot, default: []].formUnion(domain.set(of: .text(word))) }
          }
        }
      case .call, .link, .noop: break
      }
    }
  }
}

/// What all searches of one assistant share.
struct SearchWorld: Sendable {
  let assistant: AssistantDefinition
  let domains: SlotDomains
  /// Flags that confirm a tool, with the slots that tool takes.
  let confirmations: Set<SlotName>
  let confirmedArguments: [SlotName: Set<SlotName>]
  let jobs: [String: JobDefinition]
  private(set) var closures: [FlowID: Closure] = [:]
  /// Slots that are filled whenever somebody is identified, such as a session that comes with the level.
  private(set) var filledWithIdentity: Set<SlotName> = []
  /// Who writes a slot: journeys and patterns a caller can get into.
  private var writers: [SlotName: [(root: FlowID, set: ValueSet)]] = [:]

  init(_ assistant: AssistantDefinition, jobs: [JobDefinition]) {
    self.assistant = assistant
    self.jobs = Dictionary(jobs.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    domains = SlotDomains(assistant, jobs: jobs)
    var arguments: [SlotName: Set<SlotName>] = [:]
    for tool in assistant.tools.values {
      guard tool.changesState, let flag = tool.confirmedBy else { continue }
      arguments[flag, default: []].formUnion(tool.arguments.map(\.slot))
    }
    confirmedArguments = arguments
    confirmations = Set(arguments.keys)
    for flow in roots {
      let closure = Closure(of: flow, in: self)
      closures[flow.id] = closure
      for (slot, set) in closure.writes { writers[slot, default: []].append((flow.id, set)) }
    }
    filledWithIdentity = companionsOfIdentity
  }

  /// What every way of reaching a level fills and keeps: results and arguments of the tools that give one, unless a step clears it.
  private var companionsOfIdentity: Set<SlotName> {
    guard let closure = closures[assistant.identity.flow] else { return [] }
    var found: Set<SlotName>?
    var cleared = closure.resets
    for flow in assistant.flows.values {
      for step in flow.steps {
        switch step.kind {
        case .setSlots(let assignments): cleared.formUnion(assignments.filter { $0.value == nil }.map(\.slot))
        case .collect(let collect) where collect.asksBeforeFilling: cleared.insert(collect.slot)
        default: break
        }
      }
    }
    for step in closure.flows.flatMap(\.steps) {
      switch step.kind {
      case .setSlots(let assignments):
        if assignments.contains(where: { $0.slot == IdentityLadder.slot && $0.value != nil }) { return [] }
      case .action(let name):
        guard let tool = assistant.tools[name], tool.results.contains(where: { $0.slot == IdentityLadder.slot }) else {
          continue
        }
        let filled = Set(tool.results.filter(\.isRequired).compactMap(\.slot))
          .union(tool.arguments.filter(\.isRequired).map(\.slot))
        found = found.map { $0.intersection(filled) } ?? filled
      default: break
      }
    }
    return (found ?? []).subtracting(cleared).subtracting([IdentityLadder.slot])
  }

  /// Where a search begins: what callers start, what is entered by link only, and the patterns, in order of id.
  var roots: [Flow] {
    var entered: Set<FlowID> = [assistant.identity.flow]
    for flow in assistant.flows.values {
      if let other = flow.voice.onTransferFailure { entered.insert(other) }
    }
    return assistant.flows.values
      .filter { $0.isPattern || $0.guardCondition != .literal(false) || entered.contains($0.id) }
      .sorted { $0.id < $1.id }
  }

  /// What a tool's answer can put into slots when it completes; a field that may be missing may leave its slot empty.
  func results(of tool: ToolDefinition) -> [SlotName: ValueSet] {
    var found: [SlotName: ValueSet] = [:]
    for field in tool.results {
      guard let slot = field.slot, let domain = domains.all[slot] else { continue }
      var set = domain.filled
      if !field.values.isEmpty {
        set = field.values.reduce(into: []) { $0.formUnion(domain.set(of: .text($1))) }
      }
      found[slot, default: []].formUnion(field.isRequired ? set : set.union(.nothing))
    }
    return found
  }

  /// The levels that the identifying flow, the one of the assistant, can reach.
  var identified: ValueSet {
    guard let flow = assistant.flows[assistant.identity.flow] else { return [] }
    return closures[flow.id]?.writes[IdentityLadder.slot] ?? []
  }

  /// Slots of one flow that go back to their initial value when it ends.
  func resets(of flow: Flow) -> Set<SlotName> {
    var found: Set<SlotName> = []
    for step in flow.steps {
      switch step.kind {
      case .collect(let collect) where collect.resetsAfterFlowEnds: found.insert(collect.slot)
      case .setSlots(let assignments): found.formUnion(assignments.map(\.slot))
      default: break
      }
    }
    return found.subtracting(flow.persistedSlots)
  }

  /// What a transfer leaves in its slot, whether there is somebody to transfer to yet or not.
  var transferOutcomes: ValueSet {
    guard let domain = domains.all[BuiltInSlot.transferOutcome] else { return [] }
    return TransferOutcome.allCases.reduce(into: []) { $0.formUnion(domain.set(of: .text($1.rawValue))) }
  }

  /// What a slot holds at the beginning of a call.
  func initial(_ slot: SlotName) -> ValueSet {
    guard let domain = domains.all[slot] else { return .nothing }
    return domain.set(of: domain.definition.initialValue)
  }

  /// What a slot may hold when a journey or pattern begins in the middle of a call.
  func entry(_ slot: SlotName, of root: Flow) -> ValueSet {
    guard let domain = domains.all[slot], let closure = closures[root.id] else { return .nothing }
    var set = initial(slot)
    if root.id == "pattern_session_start" { return set }
    for writer in writers[slot] ?? [] where writer.root != root.id || !closure.resets.contains(slot) {
      set.formUnion(writer.set)
    }
    if Self.writtenByEngine.contains(slot) { set.formUnion(domain.filled) }
    set = domain.aged(set)
    if closure.volunteered.contains(slot) { set.formUnion(domain.filled) }
    return set
  }

  static let writtenByEngine: Set<SlotName> = [
    BuiltInSlot.language, BuiltInSlot.consecutiveSilences, BuiltInSlot.maximumOptions, BuiltInSlot.transferOutcome,
    BuiltInSlot.valueIsRight, BuiltInSlot.flowToContinue, BuiltInSlot.deniedBy, BuiltInSlot.compensationOutcome,
    "session_started_metadata", "mocked_datetime",
    "silence_timeout",
  ]
}
