import Core
import Dialogue
import Foundation

/// Every way to write one step of an assistant's flows wrongly, one at a time.
struct FlowMutants {
  /// A wrong assistant, and what is wrong with it.
  struct Mutant {
    var name: String
    var definition: AssistantDefinition
  }

  private let definition: AssistantDefinition
  private var found: [Mutant] = []

  /// The mutants of the flows that the assistant's author wrote, with the tools and slots they use.
  static func all(of definition: AssistantDefinition) -> [Mutant] {
    var mutants = FlowMutants(definition: definition)
    let folders = ["flows/", "data/"]
    for flow in definition.flows.values.sorted(by: { $0.id < $1.id })
    where folders.contains(where: flow.source.file.hasPrefix) {
      mutants.mutate(flow)
    }
    for tool in definition.tools.values.sorted(by: { $0.name < $1.name }) { mutants.mutate(tool) }
    for slot in definition.slots.values.sorted(by: { $0.name < $1.name }) { mutants.mutate(slot) }
    return mutants.found
  }

  private init(definition: AssistantDefinition) { self.definition = definition }

  private mutating func add(_ name: String, flows: [Flow] = []) {
    var all = definition.flows
    for flow in flows { all[flow.id] = flow }
    found.append(Mutant(name: name, definition: definition.with(flows: all)))
  }

  // MARK: Flows

  private mutating func mutate(_ flow: Flow) {
    if flow.guardCondition != nil {
      add("\(flow.id): no guard", flows: [flow.with("guardCondition", Core.Predicate?.none)])
    }
    if !flow.persistedSlots.isEmpty {
      add("\(flow.id): nothing persists", flows: [flow.with("persistedSlots", [SlotName]())])
    }
    if !flow.isPattern {
      add(
        "\(flow.id): completion \(flow.runsPatternCompleted ? "left out" : "added")",
        flows: [flow.with("runsPatternCompleted", !flow.runsPatternCompleted)])
    }
    for (index, step) in flow.steps.enumerated() {
      func put(_ what: String, _ kind: FlowStep.Kind? = nil, next: [FlowBranch]? = nil) {
        let wrong = FlowStep(id: step.id, kind: kind ?? step.kind, next: next ?? step.next, source: step.source)
        var steps = flow.steps
        steps[index] = wrong
        add("\(flow.id).\(step.id): \(what)", flows: [flow.with("steps", steps)])
      }
      mutate(step, put: put)
      for (place, branch) in step.next.enumerated() {
        if let condition = branch.condition {
          put("branch \(place + 1) flipped", next: step.next.replacing(place, .not(condition)))
          put("branch \(place + 1) left out", next: Array(step.next[..<place] + step.next[(place + 1)...]))
        }
        if place > 0, branch.target != step.next[0].target {
          var swapped = step.next
          swapped[0] = FlowBranch(condition: step.next[0].condition, target: branch.target)
          swapped[place] = FlowBranch(condition: branch.condition, target: step.next[0].target)
          put("ways 1 and \(place + 1) swapped", next: swapped)
        }
      }
    }
  }

  private func mutate(_ step: FlowStep, put: (String, FlowStep.Kind?, [FlowBranch]?) -> Void) {
    let onward = step.next.isEmpty ? nil : step.next
    switch step.kind {
    case .noop: break
    case .action, .link, .call: put("left out", .noop, onward)
    case .setSlots(let assignments):
      for (place, assignment) in assignments.enumerated() {
        var rest = assignments
        rest.remove(at: place)
        put("\(assignment.slot) not set", .setSlots(rest), nil)
      }
    case .collect(let collect):
      put("left out", .noop, onward)
      for place in collect.rejections.indices {
        var wrong = collect.rejections
        wrong.remove(at: place)
        put("rejection \(place + 1) left out", .collect(collect.with("rejections", wrong)), nil)
        var flipped = collect.rejections
        flipped[place] = Rejection(condition: .not(flipped[place].condition), response: flipped[place].response)
        put("rejection \(place + 1) flipped", .collect(collect.with("rejections", flipped)), nil)
      }
      if collect.asksBeforeFilling {
        put("may be filled early", .collect(collect.with("asksBeforeFilling", false)), nil)
      }
      put(
        "reset \(collect.resetsAfterFlowEnds ? "left out" : "added")",
        .collect(collect.with("resetsAfterFlowEnds", !collect.resetsAfterFlowEnds)), nil)
      if collect.voice.confirmation != .none {
        var voice = collect.voice
        voice.confirmation = .none
        put("confirmation left out", .collect(collect.with("voice", voice)), nil)
      }
    }
  }

  // MARK: Tools and slots

  private mutating func mutate(_ tool: ToolDefinition) {
    guard tool.confirmedBy != nil else { return }
    let wrong = tool.with("confirmedBy", SlotName?.none)
    found.append(Mutant(name: "\(tool.name): no confirmation", definition: definition.with(tool: wrong)))
  }

  private mutating func mutate(_ slot: SlotDefinition) {
    for place in slot.rejections.indices {
      var rest = slot.rejections
      rest.remove(at: place)
      found.append(
        Mutant(
          name: "\(slot.name): rejection \(place + 1) left out",
          definition: definition.with(slot: slot.with("rejections", rest))))
    }
  }
}

extension Decodable where Self: Encodable {
  /// This value with another under one key of its encoding; nil leaves the key out.
  fileprivate func with(_ key: String, _ value: (some Encodable)?) -> Self {
    do {
      var object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(self)) as? [String: Any] ?? [:]
      object[key] = try value.map { try JSONSerialization.jsonObject(with: JSONEncoder().encode([$0])) as? [Any] }??
        .first
      return try JSONDecoder().decode(Self.self, from: JSONSerialization.data(withJSONObject: object))
    } catch {
      preconditionFailure("\(Self.self) has no key \(key): \(error)")
    }
  }
}

extension AssistantDefinition {
  /// This assistant with other flows, or another tool or slot.
  func with(
    flows: [FlowID: Flow]? = nil, tool: ToolDefinition? = nil, slot: SlotDefinition? = nil
  ) -> AssistantDefinition {
    var tools = tools
    if let tool { tools[tool.name] = tool }
    var slots = slots
    if let slot { slots[slot.name] = slot }
    return AssistantDefinition(
      version: version, locale: locale, persona: persona, flows: flows ?? self.flows, slots: slots,
      responses: responses, tools: tools, destinations: destinations, voice: voice, profile: profile,
      identity: identity, consents: consents)
  }
}

extension [FlowBranch] {
  fileprivate func replacing(_ place: Int, _ condition: Core.Predicate) -> [FlowBranch] {
    var branches = self
    branches[place] = FlowBranch(condition: condition, target: branches[place].target)
    return branches
  }
}
