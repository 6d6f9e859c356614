import Core

/// A flow's steps and where each can lead.
struct FlowGraph {
  private let flow: Flow
  /// For each step the indices it can lead to; `end` for the flow's end.
  private(set) var successors: [Set<Int>] = []
  /// Branches to steps that do not exist.
  private(set) var unknownTargets: [(FlowStep, StepID)] = []
  private let end: Int

  init(_ flow: Flow) {
    self.flow = flow
    end = flow.steps.count
    let index = Dictionary(flow.steps.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    for (place, step) in flow.steps.enumerated() {
      var targets: Set<Int> = []
      if step.endsFlow {
        targets.insert(end)
      } else {
        var hasElse = false
        for branch in step.next {
          switch branch.target {
          case .end: targets.insert(end)
          case .step(let id):
            if let target = index[id] { targets.insert(target) } else { unknownTargets.append((step, id)) }
          }
          if branch.condition == nil { hasElse = true }
        }
        if !hasElse { targets.insert(place + 1) }
      }
      successors.append(targets)
    }
  }

  /// Steps no way leads to from the first, in order.
  var unreachable: [Int] {
    let reached = reachable(from: 0)
    return flow.steps.indices.filter { !reached.contains($0) }
  }

  /// Reachable steps from which the end cannot be reached, in order.
  var stuck: [Int] {
    reachable(from: 0).filter { $0 != end && !reachable(from: $0).contains(end) }.sorted()
  }

  /// Steps that lead back to themselves without a question, an effect or a condition.
  var silentLoop: [Int] {
    flow.steps.indices.filter { start in
      var place = start
      for _ in 0...flow.steps.count {
        guard place < end, flow.steps[place].isSilent, successors[place].count == 1, let next = successors[place].first
        else { return false }
        if next == start { return true }
        place = next
      }
      return false
    }
  }

  private func reachable(from start: Int) -> Set<Int> {
    var found: Set<Int> = []
    var open = [start]
    while let place = open.popLast() {
      guard found.insert(place).inserted, place < end else { continue }
      open.append(contentsOf: successors[place])
    }
    return found
  }
}

extension FlowStep {
  /// Whether nothing comes after it.
  fileprivate var endsFlow: Bool {
    switch kind {
    case .link: true
    case .action("action_hangup"): true
    default: false
    }
  }

  /// Whether it waits for nobody.
  fileprivate var isSilent: Bool {
    switch kind {
    case .noop, .setSlots: true
    case .action(let name): name.rawValue.hasPrefix("utter_")
    default: false
    }
  }
}
