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
    var sources: [[Int]] = Array(repeating: [], count: end + 1)
    for (place, targets) in successors.enumerated() { for target in targets { sources[target].append(place) } }
    let ending = walk(from: end) { sources[$0] }
    return reachable(from: 0).subtracting(ending).sorted()
  }

  /// Steps that lead back to themselves without a question, an effect or a condition.
  var silentLoop: [Int] {
    var loops: [Int] = []
    var seen: Set<Int> = []
    for start in flow.steps.indices where !seen.contains(start) {
      var places: [Int: Int] = [:]
      var way: [Int] = []
      var place = start
      while seen.insert(place).inserted, let next = onlyNext(place) {
        places[place] = way.count
        way.append(place)
        place = next
      }
      if let begin = places[place] { loops += way[begin...] }
    }
    return loops.sorted()
  }

  /// Where a silent step leads without a condition.
  private func onlyNext(_ place: Int) -> Int? {
    guard place < end, flow.steps[place].isSilent, successors[place].count == 1 else { return nil }
    return successors[place].first
  }

  private func reachable(from start: Int) -> Set<Int> {
    walk(from: start) { $0 < end ? Array(successors[$0]) : [] }
  }

  private func walk(from start: Int, along next: (Int) -> [Int]) -> Set<Int> {
    var found: Set<Int> = []
    var open = [start]
    while let place = open.popLast() {
      if found.insert(place).inserted { open += next(place) }
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
