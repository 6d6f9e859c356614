import Core

/// Rules about whole journeys: exits, legal sentences, jobs, examples.
extension StateSearch {
  mutating func checkExits() {
    for search in searches {
      guard let trap = search.firstTrap else { continue }
      let node = search.flat.nodes[search.places[trap].node]
      let step = node.step
      find(
        "flow.no_exit", .error, at: step?.source ?? node.flow.source, flow: node.flow.id, step: step?.id,
        "from here the journey never ends and reaches no person, whatever the caller answers",
        remedy: "lead one way to END, or link pattern_human_handoff",
        dialogue: Witness(search: search).turns(to: trap, at: step))
    }
  }

  // MARK: Legal sentences

  mutating func checkLegal() {
    for search in searches {
      for (goal, sights) in search.seen.legal {
        for (name, bit) in search.legal.sorted(by: { $0.key < $1.key }) {
          let without = sights.filter { $0.key & bit == 0 }.values.min { search.distances[$0] < search.distances[$1] }
          guard let without else { continue }
          let isHeardElsewhere = sights.contains { $0.key & bit != 0 }
          switch goal {
          case .end:
            guard search.root.id == "pattern_session_start" else { continue }
            find(
              "flow.legal_skipped", ours, at: search.root.source, flow: search.root.id,
              "the call can begin without \(name), which must be heard",
              remedy: "say it on every way, as the first thing",
              dialogue: Witness(search: search).turns(to: without))
          case .tool(let tool, let flow, let id):
            guard isHeardElsewhere, let step = step(flow, id) else { continue }
            find(
              "flow.legal_skipped", ours, at: step.source, flow: flow, step: id,
              "\(tool) can be reached without \(name), which must be heard and is said on another way to it",
              remedy: "say it on every way, right before \(tool)",
              dialogue: Witness(search: search).turns(to: without, at: step))
          }
        }
      }
    }
    for response in world.assistant.responses.values.sorted(by: { $0.name < $1.name }) where response.isLegal {
      let spoken = response.variants.filter { $0.isSpoken && $0.attempt <= 1 }
      if spoken.contains(where: { $0.interruption != .mustBeHeard }) {
        find(
          "response.legal_skipped", ours, at: response.source,
          "one variant of \(response.name) must be heard, another can be interrupted",
          remedy: "write `voice: {interruption: must_be_heard}` for each", dialogue: dialogue(to: response.name))
      } else if !spoken.contains(where: { $0.condition == nil }) {
        find(
          "response.legal_skipped", ours, at: response.source,
          "\(response.name) must be heard, and says nothing when none of its conditions holds",
          remedy: "add a variant without a condition", dialogue: dialogue(to: response.name))
      }
    }
  }

  // MARK: Jobs and examples

  mutating func checkJobs() {
    for job in world.jobs.values.sorted(by: { $0.name < $1.name }) {
      let flows = searches.filter { $0.root.voice.job == job.name }
      guard let success = job.success else {
        find(
          "job.no_success", ours, at: job.source, "the job '\(job.name)' does not say when it is done",
          remedy: "such as `success: slots.outcome = 'completed'`",
          dialogue: flows.first.flatMap { dialogue(toEndOf: $0) } ?? [])
        continue
      }
      let text = PredicateText.text(success)
      let ended = flows.filter { $0.seen.success != nil && $0.stopped == nil }
      guard !ended.isEmpty, ended.count == flows.count else { continue }
      if !ended.contains(where: { $0.seen.success?.held ?? false }) {
        find(
          "job.never_done", ours, at: job.source,
          "the job '\(job.name)' is never done: at no end of its flows holds \(text)",
          remedy: "ask for what its flows leave in their slots", dialogue: dialogue(toEndOf: ended[0]) ?? [])
      } else if !ended.contains(where: { $0.seen.success?.failed ?? false }) {
        find(
          "job.always_done", .warning, at: job.source,
          "the job '\(job.name)' counts as done at every end of its flows: \(text)",
          remedy: "ask for what differs when it failed", dialogue: dialogue(toEndOf: ended[0]) ?? [])
      }
    }
  }

  private func dialogue(toEndOf search: FlowSearch) -> [WitnessTurn]? {
    let end = search.places.indices.filter { search.places[$0].node == search.flat.end }
      .min { (search.distances[$0], $0) < (search.distances[$1], $1) }
    return end.map { Witness(search: search).turns(to: $0) }
  }

  static let fewestExamples = 10

  mutating func checkExamples() {
    for flow in world.assistant.journeys where flow.examples.count < Self.fewestExamples {
      let count = flow.examples.count
      find(
        "flow.few_examples", ours, at: flow.source, flow: flow.id,
        "'\(flow.id)' has \(count) example\(count == 1 ? "" : "s") in \(world.assistant.locale); with fewer than \(Self.fewestExamples) it is often missed",
        remedy: "write what real callers say, in varied words, in `examples/`",
        dialogue: [WitnessTurn(.caller, "start \(flow.id)", words: flow.examples.first)])
    }
  }
}
