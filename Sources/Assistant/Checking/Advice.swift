import Core

/// What is legal and would make callers suffer.
struct Advice {
  let context: ReadingContext
  let own: Draft
  let settings: AssistantSettings

  private static let fewestExamples = 10

  func give() {
    guard !context.isImported else { return }
    checkExamples()
    checkJobs()
    checkLanguage()
    checkTransfers()
  }

  private func checkExamples() {
    let examples = own.examples[settings.locale] ?? [:]
    for flow in own.flows.values.sorted(by: { $0.id < $1.id })
    where !flow.isPattern && flow.guardCondition != .literal(false) {
      let count = examples[flow.id]?.count ?? 0
      guard count < Self.fewestExamples else { continue }
      context.log.warning(
        .advice, at: own.exampleSources[flow.id] ?? flow.source, key: "examples.\(flow.id)",
        "`\(flow.id)` has \(count) example\(count == 1 ? "" : "s") in \(settings.locale); with fewer than \(Self.fewestExamples) it is often missed",
        hint: "write what real callers say, in varied words, in `examples/`")
    }
  }

  private func checkJobs() {
    for job in settings.jobs.values.sorted(by: { $0.name < $1.name })
    where !own.flows.values.contains(where: { $0.voice.job == job.name }) {
      context.log.warning(
        .advice, at: job.source, key: "jobs.\(job.name)", "no flow does the job `\(job.name)`",
        hint: "write `voice: {job: \(job.name)}` in its flow")
    }
  }

  private func checkLanguage() {
    guard settings.locale.language != "en" else { return }
    let missing = BuiltIn(profile: settings.profile).draft.responses.keys
      .filter { own.responses[$0] == nil }.sorted()
    guard let first = missing.first else { return }
    context.log.warning(
      .advice, at: SourceLocation(file: "assistant.yml", line: 1, column: 1), key: "language",
      "\(missing.count) built-in sentences are English, such as `\(first)`",
      hint: "write them in your domain in \(settings.locale)")
  }

  private func checkTransfers() {
    let handOver = own.flows["pattern_human_handoff"]
    guard settings.destinations.isEmpty, handOver == nil else { return }
    context.log.warning(
      .advice, at: SourceLocation(file: "assistant.yml", line: 1, column: 1), key: "destinations",
      "there is no one to hand over to: callers who ask for a person are told so",
      hint: "such as `destinations: {support: \"${SUPPORT_URI}\"}`")
  }
}
