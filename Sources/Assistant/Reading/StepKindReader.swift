import Core
import Dialogue

/// Reads what one step does. Every step has exactly one of the type keys.
struct StepKindReader {
  let context: ReadingContext
  let flow: FlowID

  struct Result {
    var kind: FlowStep.Kind
    var map: YAMLMap
    /// What a step without an id is named after.
    var label: String
  }

  private static let types = ["action", "collect", "set_slots", "link", "call", "noop"]
  private static let collectKeys = [
    "id", "next", "collect", "description", "utter", "ask_before_filling", "reset_after_flow_ends", "rejections",
    "force_slot_filling", "silence_timeout", "dtmf", "voice",
  ]

  func read(_ reader: YAMLReader) -> Result? {
    guard case .mapping(let entries) = reader.value.content else {
      reader.error(
        .wrongType, "expected a step as a map of keys, found \(reader.value.kindName)",
        hint: "such as `- action: utter_greet`")
      return nil
    }
    let present = entries.filter { Self.types.contains($0.key) }
    guard let type = present.first else {
      let others = entries.filter { !["id", "next", "description"].contains($0.key) }
      let meant = others.first { NearestName.find($0.key, among: Self.types) != nil } ?? others.first
      reader.log.error(
        meant == nil ? .missingKey : .unknownKey, at: meant?.keyLocation ?? reader.location,
        key: meant.map { reader.joined($0.key) } ?? reader.path,
        meant.map { "unknown key `\($0.key)` in a step" } ?? "the step does nothing",
        hint: meant.flatMap { NearestName.hint($0.key, among: Self.types) }
          ?? "a step has one of " + Self.types.map { "`\($0)`" }.joined(separator: ", "))
      return nil
    }
    if present.count > 1 {
      reader.log.error(
        .conflictingKeys, at: present[1].keyLocation, key: reader.joined(present[1].key),
        "`\(type.key)` and `\(present[1].key)` in one step exclude each other", hint: "make two steps of it")
      return nil
    }
    switch type.key {
    case "action": return action(reader)
    case "collect": return collect(reader)
    case "set_slots": return setSlots(reader)
    case "link": return link(reader)
    case "call": return call(reader)
    default:
      guard let map = reader.map("a noop step", keys: ["id", "next", "noop"]) else { return nil }
      if let noop = map.required("noop", hint: "write `noop: true`"), noop.bool() == false {
        noop.error(.wrongValue, "`noop` can only be true")
      }
      return Result(kind: .noop, map: map, label: "noop")
    }
  }

  private func action(_ reader: YAMLReader) -> Result? {
    guard let map = reader.map("an action step", keys: ["id", "next", "action", "description"]),
      let reader = map.required("action"), let name = reader.nameOrTemplate("an action")
    else { return nil }
    context.uses.add(name.hasPrefix("utter_") ? .response : .action, name, reader)
    return Result(kind: .action(ActionName(name)), map: map, label: name.contains("{{") ? "action" : name)
  }

  private func link(_ reader: YAMLReader) -> Result? {
    guard
      let map = reader.map("a link step (which has no `next`: it ends the flow)", keys: ["id", "link", "description"]),
      let reader = map.required("link"), let name = reader.name("a flow")
    else { return nil }
    context.uses.add(.link(from: flow), name, reader)
    return Result(kind: .link(FlowID(name)), map: map, label: "link_" + name)
  }

  private func call(_ reader: YAMLReader) -> Result? {
    let isForeign = context.isImported && (reader.value["mcp_server"] != nil || reader.value["exit_if"] != nil)
    guard
      let map = reader.map(
        "a call step", keys: ["id", "next", "call", "description"],
        elsewhere: isForeign
          ? Dictionary(
            uniqueKeysWithValues: ["mcp_server", "mapping", "exit_if"].map {
              ($0, "the step fails and `pattern_internal_error` runs")
            })
          : [:]), let reader = map.required("call"), let name = reader.name("a flow")
    else { return nil }
    if !isForeign { context.uses.add(.call, name, reader) }
    return Result(kind: isForeign ? .action(ActionName(name)) : .call(FlowID(name)), map: map, label: "call_" + name)
  }

  private func setSlots(_ reader: YAMLReader) -> Result? {
    guard let map = reader.map("a set_slots step", keys: ["id", "next", "set_slots", "description"]),
      let slots = map.required("set_slots", hint: "such as `set_slots: [{confirmed: null}]`")
    else { return nil }
    let parts = slots.isSequence ? slots.items("") ?? [] : [slots]
    var assignments: [SlotAssignment] = []
    for part in parts {
      for (key, value) in part.entries("slots as `- name: value`") ?? [] {
        let literal = value.isNull ? nil : value.slotValue(for: .any)
        context.uses.add(literal.map { .value($0) } ?? .slot, key.key, at: key.keyLocation, path: value.path)
        assignments.append(SlotAssignment(slot: SlotName(key.key), value: literal))
      }
    }
    return Result(kind: .setSlots(assignments), map: map, label: "set_slots")
  }

  private func collect(_ reader: YAMLReader) -> Result? {
    guard let map = reader.map("a collect step", keys: Self.collectKeys),
      let slot = map.required("collect")?.slotName(context, map["utter"] == nil ? .question : .slot)
    else { return nil }
    var voice = CollectVoice()
    let own = map["voice"]?.map("the voice keys of a collect step", keys: Self.voiceKeys)
    if let own {
      voice.confirmation = own["confirmation"].flatMap { confirmation($0) } ?? .none
      voice.acceptsSpeech = own.bool("speech", default: true)
      voice.maximumNoMatch = own.integer("maximum_no_match", in: 1...9, default: 3)
      voice.maximumNoInput = own.integer("maximum_no_input", in: 1...9, default: 3)
      ladders(own, &voice)
    }
    var digits = own?["dtmf"].flatMap { keys($0, &voice) }
    if let plain = map["dtmf"] {
      if own?["dtmf"] != nil {
        plain.error(.conflictingKeys, "`dtmf` and `voice.dtmf` exclude each other", hint: "keep `voice.dtmf`")
      }
      let found = DigitReader().plain(plain)
      digits = found.digits
      if !found.acceptsSpeech { voice.acceptsSpeech = false }
    }
    let step = CollectStep(
      slot: slot, summary: map.text("description"), ask: map["utter"]?.responseName(context),
      asksBeforeFilling: map.bool("ask_before_filling", default: false),
      resetsAfterFlowEnds: map.bool("reset_after_flow_ends", default: true),
      rejections: map["rejections"].map { $0.rejections(context) } ?? [],
      forcesSlotFilling: map.bool("force_slot_filling", default: false),
      silenceTimeout: map["silence_timeout"].flatMap { silence($0) }, digits: digits, voice: voice)
    return Result(kind: .collect(step), map: map, label: "collect_" + slot.rawValue)
  }

  private static let voiceKeys = [
    "confirmation", "speech", "maximum_no_match", "maximum_no_input", "no_match", "no_input", "dtmf",
  ]

  /// `dtmf: false`, or what may be entered.
  private func keys(_ reader: YAMLReader, _ voice: inout CollectVoice) -> DigitGrammar? {
    if let isInput = reader.scalar?.bool {
      voice.acceptsKeys = isInput
      if !isInput, !voice.acceptsSpeech {
        reader.error(.conflictingKeys, "neither speech nor keys are left to answer with", hint: "keep one of them")
      }
      return nil
    }
    if let mask = reader.value["mask"] {
      voice.masksKeys = YAMLReader(value: mask, path: reader.joined("mask"), log: reader.log).bool() ?? false
    }
    return DigitReader().digits(reader)
  }

  /// `no_match: [reprompt, rephrase, menu, person]`, and the same for silence.
  private func ladders(_ map: YAMLMap, _ voice: inout CollectVoice) {
    if map.excludes(["no_match", "maximum_no_match"], hint: "the length of the ladder is the limit") {
      voice.noMatchLadder = ladder(map["no_match"])
      for (item, rung) in zip(map["no_match"]?.items("") ?? [], voice.noMatchLadder) where rung == .hangUp {
        item.error(.wrongValue, "who speaks is not hung up on", hint: "write `person`")
      }
    }
    if map.excludes(["no_input", "maximum_no_input"], hint: "the length of the ladder is the limit") {
      voice.noInputLadder = ladder(map["no_input"])
    }
    if voice.noMatchLadder.isEmpty == false { voice.maximumNoMatch = voice.noMatchLadder.count }
    if voice.noInputLadder.isEmpty == false { voice.maximumNoInput = voice.noInputLadder.count }
  }

  private func ladder(_ reader: YAMLReader?) -> [EscalationRung] {
    guard let reader, let items = reader.items("a list of rungs, such as `[rephrase, menu, person]`") else { return [] }
    if items.isEmpty || items.count > 9 {
      reader.error(.wrongValue, "a ladder has one to nine rungs", hint: "such as `[rephrase, menu, person]`")
    }
    let rungs = items.compactMap { $0.choice(EscalationRung.self, "rung") }
    if let last = rungs.last, last != .person, last != .hangUp, rungs.count == items.count {
      items[items.count - 1].error(
        .wrongValue, "the ladder ends with `\(last.rawValue)` and so never ends",
        hint: "the last rung is `person` or `hang_up`")
    }
    return rungs
  }

  private func silence(_ reader: YAMLReader) -> CallSpan? {
    guard reader.isMapping else { return reader.span() }
    let spans = (reader.entries("seconds by channel") ?? []).compactMap { $0.value.span() }
    if spans.count > 1 { reader.warning(.unsupported, "one silence for all lines is used: the longest") }
    return spans.max()
  }

  private enum Confirmation: String, CaseIterable { case none, implicit, explicit }

  private func confirmation(_ reader: YAMLReader) -> CollectVoice.Confirmation? {
    if reader.isMapping {
      guard let map = reader.map("a confirmation", keys: ["below"]), let below = map.required("below")?.confidence()
      else {
        return nil
      }
      return .below(below)
    }
    switch reader.choice(Confirmation.self, "confirmation (none, implicit, explicit, or `{below: 0.8}`)") {
    case .explicit?: return .explicit
    case .implicit?: return .implicit
    case .some(.none): return CollectVoice.Confirmation.none
    case nil: return nil
    }
  }
}
