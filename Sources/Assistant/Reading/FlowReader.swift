import Core

/// Reads files with `flows:`.
struct FlowReader {
  let context: ReadingContext

  /// Whether a file without `flows:` is silently none of ours: the data folder of an imported project holds other things.
  func read(_ file: String, _ text: String, into draft: inout Draft) {
    guard let root = context.root(of: file, text: text) else { return }
    if context.isImported, root.isMapping, root.value["flows"] == nil {
      root.warning(
        .unsupported, "the file has no `flows` and is not read: understanding learns from descriptions and examples")
      return
    }
    let trainingData = ["nlu", "stories", "rules"].map { ($0, "understanding learns from `examples/`; flows decide") }
    guard
      let map = root.map(
        "a file of flows", keys: ["version", "flows"],
        elsewhere: context.isImported ? Dictionary(uniqueKeysWithValues: trainingData) : [:]),
      let flows = map.required("flows", hint: "write `flows:` and below it a name for each flow")?
        .entries("the flows as a map of names")
    else { return }
    for (key, reader) in flows {
      let id = FlowID(key.key)
      guard YAMLReader.isName(key.key) else {
        root.log.error(
          .wrongValue, at: key.keyLocation, key: reader.path, "`\(key.key)` is no name of a flow",
          hint: "letters, digits, `_` and `-`, not starting with `-`")
        continue
      }
      if let earlier = draft.flows[id] {
        root.log.error(
          .duplicateName, at: key.keyLocation, key: reader.path, "the flow `\(id)` is defined twice",
          hint: "the other is at \(earlier.source); keep one of them")
        continue
      }
      draft.flows[id] = flow(id, reader, at: key.keyLocation)
      if draft.flows[id] == nil { draft.broken.insert(key.key) }
    }
  }

  private static let keys = ["description", "name", "steps", "if", "persisted_slots", "run_pattern_completed", "voice"]

  private func flow(_ id: FlowID, _ reader: YAMLReader, at source: SourceLocation) -> Flow? {
    guard
      let map = reader.map(
        "a flow", keys: Self.keys,
        elsewhere: [
          "always_include_in_prompt": "understanding always sees every flow",
          "nlu_trigger": "flows are chosen by description and examples", "translation": "names are not spoken",
        ])
    else { return nil }
    let isPattern = id.rawValue.hasPrefix("pattern_")
    let summary =
      isPattern
      ? map.text("description") : map.required("description", hint: "the text by which the flow is chosen")?.text()
    var steps = StepReader(context: context, flow: id)
    let items = map.required("steps", hint: "such as `- action: utter_greet`")?.items("a list of steps")
    if let items, items.isEmpty {
      map["steps"]?.error(.missingKey, "the flow has no step", hint: "such as `- action: utter_greet`")
    }
    let read = items.map { steps.steps($0) } ?? []
    let condition = map["if"]?.predicate(context)
    var persisted: [SlotName] = []
    for item in map["persisted_slots"]?.items("a list of slots") ?? [] {
      guard let slot = item.slotName(context) else { continue }
      persisted.append(slot)
      if !steps.fills(slot, in: read) {
        item.error(
          .wrongValue, "no step of `\(id)` collects or sets `\(slot)`", hint: "persist slots that this flow fills")
      }
    }
    let kept = read.first { if case .collect(let collect) = $0.kind { !collect.resetsAfterFlowEnds } else { false } }
    if let kept, map["persisted_slots"] != nil {
      map["persisted_slots"]?.error(
        .conflictingKeys, "`persisted_slots` and `reset_after_flow_ends` (in the step `\(kept.id)`) exclude each other",
        hint: "name the slot in `persisted_slots`")
    }
    return Flow(
      id: id, name: map.text("name") ?? id.rawValue, summary: summary ?? "", guardCondition: condition, steps: read,
      persistedSlots: persisted, runsPatternCompleted: map.bool("run_pattern_completed", default: true),
      voice: voice(map, isPattern: isPattern), source: source)
  }

  private static let voiceKeys = [
    "menu_key", "job", "identity", "consent", "on_hangup", "on_transfer_failure", "undone_by",
  ]

  private func voice(_ map: YAMLMap, isPattern: Bool) -> FlowVoice {
    guard let voice = map["voice"]?.map("the voice keys of a flow", keys: Self.voiceKeys) else {
      return FlowVoice()
    }
    if isPattern {
      for key in Self.voiceKeys where voice.entries[key] != nil {
        voice.log.error(
          .wrongValue, at: voice.keyLocation(key), key: voice.reader.joined(key), "a pattern has no `\(key)`",
          hint: "write it in the flow that the pattern repairs")
      }
      return FlowVoice()
    }
    var key = voice["menu_key"]?.text("a key")
    if let text = key, text.count != 1 || !"0123456789".contains(text) {
      voice["menu_key"]?.error(.wrongValue, "`\(text)` is no key of the menu", hint: "one digit, such as \"1\"")
      key = nil
    }
    let job = voice["job"]?.name("a job")
    if let job, let reader = voice["job"] { context.uses.add(.job, job, reader) }
    let safeguards = SafeguardReader(context: context)
    return FlowVoice(
      menuKey: key, job: job, identity: voice["identity"].flatMap { safeguards.level($0) } ?? .none,
      consents: voice["consent"].map { safeguards.consents($0) } ?? [], onHangUp: handler(voice["on_hangup"]),
      onTransferFailure: handler(voice["on_transfer_failure"]), undoneBy: handler(voice["undone_by"]))
  }

  private func handler(_ reader: YAMLReader?) -> FlowID? {
    guard let reader, let name = reader.name("a flow") else { return nil }
    context.uses.add(.handler, name, reader)
    return FlowID(name)
  }
}
