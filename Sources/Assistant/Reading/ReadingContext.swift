import Core

/// What every reader of one folder needs to know.
struct ReadingContext {
  let log: ProblemLog
  /// Whether the folder was written for another engine, so that what we do not run is a warning.
  let isImported: Bool
  /// The assistant's levels of identity.
  var ladder = IdentityLadder()
  /// Names used so far.
  let uses = NameUses()
  /// What of the server's environment was asked for so far.
  let references = EnvironmentReferences()

  /// The root of a file, or nil with the log saying why.
  func root(of file: String, text: String) -> YAMLReader? {
    YAMLDocument(file: file, log: log).read(text).map { YAMLReader(value: $0, path: "", log: log) }
  }
}

/// Everything read so far, by name.
struct Draft: Sendable {
  var flows: [FlowID: Flow] = [:]
  var slots: [SlotName: SlotDefinition] = [:]
  var responses: [ResponseName: ResponseDefinition] = [:]
  var tools: [ActionName: ToolDefinition] = [:]
  var declaredActions: [ActionName: SourceLocation] = [:]
  var examples: [LocaleTag: [FlowID: [String]]] = [:]
  /// Names whose definitions have errors of their own; using them is no second error.
  var broken: Set<String> = []
  var exampleSources: [FlowID: SourceLocation] = [:]

  /// What the built-in files define and the author does not.
  mutating func addDefaults(_ defaults: Draft) {
    flows.merge(defaults.flows) { own, _ in own }
    slots.merge(defaults.slots) { own, _ in own }
    responses.merge(defaults.responses) { own, _ in own }
  }

  /// Slots that are keyed under a mask somewhere: nothing says them, whatever their label.
  var maskedSlots: Set<SlotName> {
    var found: Set<SlotName> = []
    for flow in flows.values {
      for step in flow.steps {
        if case .collect(let collect) = step.kind, collect.voice.masksKeys { found.insert(collect.slot) }
      }
    }
    return found
  }

  /// One slot a purpose of consent: yes, no, or nothing when it was never asked.
  mutating func addConsentSlots(_ purposes: [ConsentName: ConsentDefinition]) {
    for purpose in purposes.values where slots[purpose.slot] == nil {
      slots[purpose.slot] = SlotDefinition(
        name: purpose.slot, type: .bool, filledBy: .controlled, grammar: .yesNo, source: purpose.source)
    }
  }
}
