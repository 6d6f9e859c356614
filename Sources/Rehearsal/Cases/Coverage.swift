import Core
import Dialogue

/// Which steps ran and which ways out of them were taken.
struct Coverage: Sendable {
  private var steps: Set<Place> = []
  private var branches: Set<Branch> = []

  private struct Place: Hashable, Sendable {
    let flow: FlowID
    let step: StepID
  }

  private struct Branch: Hashable, Sendable {
    let place: Place
    /// Nil: none of those written.
    let index: Int?
  }

  /// Adds what a call ran through.
  mutating func take(_ records: [RehearsedCall.Record]) {
    for record in records {
      guard case .engine(let line) = record.what else { continue }
      switch line {
      case .entered(let step): steps.insert(Place(flow: step.flow, step: step.step))
      case .left(let step, let branch):
        branches.insert(Branch(place: Place(flow: step.flow, step: step.step), index: branch))
      case .changed, .decided: break
      }
    }
  }

  mutating func add(_ other: Coverage) {
    steps.formUnion(other.steps)
    branches.formUnion(other.branches)
  }

  /// The flows an author wrote, in order of id.
  func report(of definition: AssistantDefinition) -> [FlowCoverage] {
    definition.flows.values.filter { !$0.source.file.hasPrefix("built-in/") }.sorted { $0.id < $1.id }.map(report)
  }

  private func report(of flow: Flow) -> FlowCoverage {
    var missedSteps: [String] = []
    var missedBranches: [String] = []
    var ways = 0
    for step in flow.steps {
      let place = Place(flow: flow.id, step: step.id)
      if !steps.contains(place) { missedSteps.append(step.id.rawValue) }
      guard step.next.contains(where: { $0.condition != nil }) else { continue }
      for (index, branch) in step.next.enumerated() {
        ways += 1
        if !branches.contains(Branch(place: place, index: index)) {
          missedBranches.append("\(step.id) -> \(Self.name(branch.target))")
        }
      }
      if step.next.last?.condition != nil {
        ways += 1
        if !branches.contains(Branch(place: place, index: nil)) { missedBranches.append("\(step.id) -> (none holds)") }
      }
    }
    return FlowCoverage(
      flow: flow.id.rawValue, steps: flow.steps.count, stepsRun: flow.steps.count - missedSteps.count, branches: ways,
      branchesTaken: ways - missedBranches.count, missedSteps: missedSteps, missedBranches: missedBranches)
  }

  private static func name(_ target: FlowTarget) -> String {
    switch target {
    case .step(let step): step.rawValue
    case .end: "END"
    }
  }
}

/// How much of a flow the cases ran through.
public struct FlowCoverage: Sendable, Equatable, Codable {
  /// The flow.
  public let flow: String
  /// How many steps it has.
  public let steps: Int
  /// How many of them ran.
  public let stepsRun: Int
  /// How many ways out its branching steps have.
  public let branches: Int
  /// How many of them were taken.
  public let branchesTaken: Int
  /// Steps that never ran.
  public let missedSteps: [String]
  /// Ways out that were never taken, as `step -> target`.
  public let missedBranches: [String]
}
