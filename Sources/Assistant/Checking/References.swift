import Core
import Dialogue

/// Checks that every name means something, and says which name was probably meant.
struct References {
  let context: ReadingContext
  let draft: Draft
  let settings: AssistantSettings
  private let masked: Set<SlotName>

  init(context: ReadingContext, draft: Draft, settings: AssistantSettings) {
    self.context = context
    self.draft = draft
    self.settings = settings
    masked = draft.maskedSlots
  }

  /// Actions the engine runs itself.
  static let builtInActions: Set<String> = [
    "action_listen", "action_hold", "action_hangup", "action_transfer", "action_session_start", "action_restart",
    "action_clean_stack", "action_cancel_flow", "action_correct_flow_slot", "action_clarify_flows",
    "action_continue_interrupted_flow", "action_cancel_interrupted_flows", "action_repeat_bot_messages",
    "action_run_slot_rejections", "action_confirm_slot", "action_reject_slot", "action_trigger_search",
    "action_trigger_chitchat", "action_default_fallback", "action_request_approval", "action_give_consent",
    "action_refuse_consent", "action_compensate",
  ]

  func check() {
    for use in context.uses.all { check(use) }
    checkMenuKeys()
    checkIdentifying()
    for (flow, source) in draft.exampleSources.sorted(by: { $0.key < $1.key }) where draft.flows[flow] == nil {
      unknown(
        "flow", NameUse(kind: .call, name: flow.rawValue, location: source, path: "examples.\(flow)"),
        draft.flows.keys.map(\.rawValue))
    }
  }

  private func check(_ use: NameUse) {
    let slot = draft.slots[SlotName(use.name)]
    switch use.kind {
    case .response:
      if draft.responses[ResponseName(use.name)] == nil {
        unknown("response", use, draft.responses.keys.map(\.rawValue))
      }
    case .action: checkAction(use)
    case .job:
      if settings.jobs[use.name] == nil { unknown("job", use, Array(settings.jobs.keys)) }
    case .link, .call, .handler: checkFlow(use)
    case .consent:
      if settings.consents[ConsentName(use.name)] == nil {
        unknown("purpose of consent", use, settings.consents.keys.map(\.rawValue))
      }
    case .approver, .compensation: checkServant(use)
    default:
      guard let slot else {
        unknown("slot", use, draft.slots.keys.map(\.rawValue))
        return
      }
      checkSlot(slot, use)
    }
  }

  private func checkSlot(_ slot: SlotDefinition, _ use: NameUse) {
    switch use.kind {
    case .spokenSlot where slot.label == .secret || masked.contains(slot.name):
      error(
        .wrongValue, use, "`\(use.name)` is a secret and is never spoken", hint: "say what it is for, not what it is")
    case .question: checkQuestion(use)
    case .value(let value) where !value.fits(slot.type):
      error(
        .wrongType, use, "the value does not fit the slot `\(use.name)`", hint: "the slot is \(slot.type.authorName)")
    case .result(let type) where !type.fits(slot.type):
      error(
        .wrongType, use, "a \(type.rawValue) does not fit the slot `\(use.name)`",
        hint: "the slot is \(slot.type.authorName)")
    case .identifying where slot.label == nil:
      error(
        .wrongValue, use, "`\(use.name)` says who calls, and without a label it would stand in the journal in clear",
        hint: "give the slot `voice: {label: identifier}`")
    case .flag where slot.type != .bool:
      error(.wrongType, use, "the slot `\(use.name)` is no yes or no", hint: "write `type: bool` for the slot")
    case .outcome(let words):
      switch slot.type {
      case .text, .any: break
      case .categorical(let values):
        for word in words where !values.contains(word) {
          error(
            .wrongValue, use, "the slot `\(use.name)` cannot hold `\(word)`",
            hint: "add it to the slot's values, or write `type: text`")
        }
      default: error(.wrongType, use, "the slot `\(use.name)` cannot hold an outcome", hint: "write `type: text`")
      }
    default: break
    }
  }

  /// What becomes of a name that an imported project uses and nobody defines.
  private func toleratedInstead(_ what: String, _ use: NameUse) -> String? {
    guard context.isImported else { return nil }
    switch (what, use.kind) {
    case ("response", .response): return "the step fails and `pattern_internal_error` runs"
    case ("action", _): return "the step fails and `pattern_internal_error` runs"
    case ("slot", .slot), ("slot", .spokenSlot): return "it is always empty"
    default: return nil
    }
  }

  private func checkAction(_ use: NameUse) {
    let name = ActionName(use.name)
    let isTemplate = use.name.hasPrefix("validate_") || use.name.hasPrefix("action_ask_")
    guard draft.tools[name] == nil, !Self.builtInActions.contains(use.name), !isTemplate else { return }
    unknown("action", use, draft.tools.keys.map(\.rawValue) + Array(Self.builtInActions))
  }

  private func checkFlow(_ use: NameUse) {
    guard draft.flows[FlowID(use.name)] != nil else {
      unknown("flow", use, draft.flows.keys.map(\.rawValue))
      return
    }
    guard use.name.hasPrefix("pattern_") else { return }
    switch use.kind {
    case .handler where use.name != "pattern_identify" && use.name != "pattern_human_handoff":
      error(
        .wrongValue, use, "a pattern cannot stand here", hint: "write a flow of your own, with `if: false`")
    case .call:
      error(
        .wrongValue, use, "a pattern cannot be called",
        hint: "of the patterns only `pattern_human_handoff` can be reached, by `link`")
    case .link(let flow) where !flow.rawValue.hasPrefix("pattern_") && use.name != "pattern_human_handoff":
      error(
        .wrongValue, use, "`\(use.name)` cannot be linked from a flow",
        hint: "of the patterns only `pattern_human_handoff` can")
    default: break
    }
  }

  /// A tool that runs for another: it is asked for by the engine, so nothing may stand before it.
  private func checkServant(_ use: NameUse) {
    guard let tool = draft.tools[ActionName(use.name)] else {
      unknown("tool", use, draft.tools.keys.map(\.rawValue))
      return
    }
    let needs = [
      ("identity", tool.identity > .none), ("consent", !tool.consents.isEmpty), ("approval", tool.approval != nil),
      ("confirmed_by", tool.confirmedBy != nil), ("compensation", tool.compensation != nil),
    ]
    for (key, isThere) in needs where isThere {
      let purpose = use.kind == .approver ? "asks a person for approval" : "undoes another"
      error(
        .conflictingKeys, use, "`\(use.name)` \(purpose), so it may not need `\(key)` itself",
        hint: "remove `\(key)` from `\(use.name)`")
    }
  }

  private func checkQuestion(_ use: NameUse) {
    let asking = ActionName("action_ask_" + use.name)
    let response = ResponseName("utter_ask_" + use.name)
    let isAction = draft.declaredActions[asking] != nil || draft.tools[asking] != nil
    switch (isAction, draft.responses[response] != nil) {
    case (true, true):
      error(.conflictingKeys, use, "`\(asking)` and `\(response)` both ask for `\(use.name)`", hint: "keep one of them")
    case (false, false):
      unknown(
        "response", NameUse(kind: .response, name: response.rawValue, location: use.location, path: use.path),
        draft.responses.keys.map(\.rawValue).filter { $0.hasPrefix("utter_ask_") })
    case (true, false) where draft.tools[asking] == nil:
      context.log.warning(
        .unsupported, at: use.location, key: use.path,
        "`\(asking)` is no tool here: the question is silent until there is `\(response)` or such a tool")
    default: break
    }
  }

  private func checkMenuKeys() {
    var taken: [String: FlowID] = [:]
    for flow in draft.flows.values.sorted(by: { $0.id < $1.id }) {
      guard let key = flow.voice.menuKey else { continue }
      if let other = taken.updateValue(flow.id, forKey: key) {
        context.log.error(
          .duplicateName, at: flow.source, key: "flows.\(flow.id).voice.menu_key",
          "the key \(key) already starts `\(other)`",
          hint: "give each flow a key of its own")
      }
    }
  }

  /// A person has one pseudonym as long as all tools know them by the same value.
  private func checkIdentifying() {
    let uses = context.uses.all.filter { $0.kind == .identifying }.sorted {
      ($0.location.file, $0.location.line) < ($1.location.file, $1.location.line)
    }
    for use in uses where use.name != uses[0].name {
      error(
        .conflictingKeys, use,
        "callers are known by `\(uses[0].name)` already, and by two slots one person would be two",
        hint: "let all tools that identify fill `\(uses[0].name)`, or remove `identifies` from the others")
    }
  }

  private func error(_ code: AssistantProblem.Code, _ use: NameUse, _ message: String, hint: String) {
    context.log.error(code, at: use.location, key: use.path, message, hint: hint)
  }

  private func unknown(_ what: String, _ use: NameUse, _ known: [String]) {
    guard !draft.broken.contains(use.name) else { return }
    if let instead = toleratedInstead(what, use) {
      context.log.warning(
        .unsupported, at: use.location, key: use.path, "there is no \(what) `\(use.name)` here: \(instead)")
      return
    }
    error(
      .unknownName, use, "there is no \(what) `\(use.name)`",
      hint: NearestName.find(use.name, among: known).map { "did you mean `\($0)`?" } ?? Self.remedy[what] ?? "")
  }

  private static let remedy = [
    "slot": "declare it under `slots:` in the domain", "response": "write it under `responses:` in the domain",
    "action": "declare it in tools.yml", "flow": "write it below `flows:`",
    "job": "write it under `jobs:` in assistant.yml", "tool": "declare it in tools.yml",
    "purpose of consent": "write it under `consent:` in assistant.yml",
  ]
}
