public import Core

/// Findings that need a search: what can happen in an assistant's journeys, in every combination of step, identity, consent,
/// confirmation and the values its conditions ask about.
///
/// Pure and deterministic. `FlowChecker.check` has what can be seen without it.
public struct StateSearch {
  /// How far a search goes.
  public struct Limits: Hashable, Sendable {
    /// Combinations of step and values in one journey or pattern.
    public var placesPerFlow: Int
    /// Combinations in all of them together; each has at least 500.
    public var places: Int
    /// Limits; the defaults keep an assistant of 200 flows within seconds.
    public init(placesPerFlow: Int = 20_000, places: Int = 200_000) {
      self.placesPerFlow = placesPerFlow
      self.places = places
    }
  }

  let world: SearchWorld
  let isImported: Bool
  let limits: Limits
  private(set) var searches: [FlowSearch] = []
  private var found: [Key: FlowFinding] = [:]

  /// One finding is told once, with its shortest dialogue.
  private struct Key: Hashable {
    let code: String
    let source: SourceLocation
    let flow: FlowID?
    let step: StepID?
    let message: String
  }

  /// All findings, ordered by place.
  ///
  /// `jobs`: what the assistant is for. `isImported`: the folder was written for another engine; what needs a key of ours is a
  /// warning then.
  public static func check(
    _ assistant: AssistantDefinition, jobs: [JobDefinition] = [], isImported: Bool = false, limits: Limits = Limits()
  ) -> [FlowFinding] {
    var search = StateSearch(assistant, jobs: jobs, isImported: isImported, limits: limits)
    search.explore()
    search.checkFaults()
    search.checkConditions()
    search.checkOrder()
    search.checkExits()
    search.checkLegal()
    search.checkNeeds()
    search.checkQuestions()
    search.checkJobs()
    search.checkExamples()
    search.checkPrompts()
    return search.found.values.sorted {
      ($0.source.file, $0.source.line, $0.source.column, $0.code, $0.message) < (
        $1.source.file, $1.source.line, $1.source.column, $1.code, $1.message
      )
    }
  }

  private init(_ assistant: AssistantDefinition, jobs: [JobDefinition], isImported: Bool, limits: Limits) {
    world = SearchWorld(assistant, jobs: jobs)
    self.isImported = isImported
    self.limits = limits
  }

  private mutating func explore() {
    let roots = world.roots.filter { isOwn($0.source) }
    let limit = max(500, min(limits.placesPerFlow, limits.places / max(1, roots.count)))
    for root in roots {
      let search = FlowSearch(root, in: world, limit: limit)
      search.run()
      searches.append(search)
      if let reason = search.stopped {
        find(
          "checker.stopped", .warning, at: root.source, flow: root.id,
          "the search of '\(root.id)' ended early: \(reason); what lies behind is not checked",
          remedy: "part the flow, or ask fewer different things of its slots")
      }
    }
  }

  /// Whether something is the author's, not built in.
  func isOwn(_ source: SourceLocation) -> Bool { !source.file.hasPrefix("built-in") }

  /// What is an error in an assistant of our own, and a warning in an imported one.
  var ours: FlowFinding.Severity { isImported ? .warning : .error }

  mutating func find(
    _ code: String, _ severity: FlowFinding.Severity, at source: SourceLocation, flow: FlowID? = nil,
    step: StepID? = nil, _ message: String, remedy: String, dialogue: [WitnessTurn] = []
  ) {
    guard isOwn(source) else { return }
    let key = Key(code: code, source: source, flow: flow, step: step, message: message)
    if let known = found[key], known.dialogue.count <= dialogue.count { return }
    found[key] = FlowFinding(
      code: code, message: message, source: source, severity: severity, flow: flow, step: step, remedy: remedy,
      dialogue: dialogue)
  }

  /// The step of a flow.
  func step(_ flow: FlowID, _ step: StepID) -> FlowStep? {
    world.assistant.flows[flow]?.steps.first { $0.id == step }
  }

  /// The shortest dialogue to a step, over all searches.
  func dialogue(to flow: FlowID, _ id: StepID) -> [WitnessTurn] {
    let key = Observations.FlatStep(flow: flow, step: id)
    let step = step(flow, id)
    return searches.compactMap { search in
      search.seen.steps[key].map { Witness(search: search).turns(to: $0, at: step) }
    }.min { $0.count < $1.count } ?? []
  }
}
