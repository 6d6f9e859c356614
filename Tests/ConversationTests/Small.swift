import Core

@testable import Conversation

/// Assistants of a few lines.
enum Small {
  private static let source = SourceLocation(file: "small", line: 1, column: 1)

  private static func response(_ name: ResponseName, _ text: String, _ policy: InterruptionPolicy = .free)
    -> (ResponseName, ResponseDefinition)
  {
    let template = Template(pieces: [.literal(text)])
    return (
      name,
      ResponseDefinition(
        name: name, variants: [ResponseVariant(text: template, interruption: policy)], source: source)
    )
  }

  /// A greeting that may be interrupted, a legal sentence that may not, then a question.
  static let chattyThenLegal: PreparedAssistant = {
    let steps: [(StepID, ActionName)] = [("a", "utter_hello"), ("b", "utter_legal"), ("c", "utter_question")]
    let start = Flow(
      id: "pattern_session_start", name: "start", summary: "",
      steps: steps.map { FlowStep(id: $0.0, kind: .action($0.1), source: source) }, source: source)
    return PreparedAssistant(
      AssistantDefinition(
        version: AssistantVersion(name: "small", contentHash: "1"), locale: .americanEnglish,
        persona: Persona(name: "R", voice: "v"), flows: [start.id: start], slots: [:],
        responses: Dictionary(uniqueKeysWithValues: [
          response("utter_hello", "Hello there. I am so glad you call. It is a nice day."),
          response("utter_legal", "This call is recorded.", .mustBeHeard), response("utter_question", "What now?"),
        ]), tools: [:], destinations: [:], voice: VoiceDefaults(), profile: "c13"))
  }()
}

extension Small {
  /// Asks for a PIN that is a secret, then for a name.
  static let asksForPIN: PreparedAssistant = {
    let source = SourceLocation(file: "small", line: 1, column: 1)
    let journey = Flow(
      id: "enter", name: "enter", summary: "",
      steps: [("pin", "pin"), ("name", "nickname")].map { id, slot in
        FlowStep(
          id: StepID(id),
          kind: .collect(CollectStep(slot: SlotName(slot), voice: CollectVoice(masksKeys: slot == "pin"))),
          source: source)
      }, source: source)
    func text(_ name: ResponseName, _ words: String) -> ResponseDefinition {
      ResponseDefinition(
        name: name, variants: [ResponseVariant(text: Template(pieces: [.literal(words)]), interruption: .free)],
        source: source)
    }
    let responses = [text("utter_ask_pin", "Your PIN?"), text("utter_ask_nickname", "And your name?")]
    return PreparedAssistant(
      AssistantDefinition(
        version: AssistantVersion(name: "small", contentHash: "2"), locale: .americanEnglish,
        persona: Persona(name: "R", voice: "v"), flows: [journey.id: journey],
        slots: [
          "pin": SlotDefinition(
            name: "pin", type: .text, grammar: .digits(minimum: 4, maximum: 4), label: .secret, source: source),
          "nickname": SlotDefinition(name: "nickname", type: .text, grammar: .name, label: .name, source: source),
        ], responses: Dictionary(uniqueKeysWithValues: responses.map { ($0.name, $0) }), tools: [:], destinations: [:],
        voice: VoiceDefaults(), profile: "c13"))
  }()
}

extension Small {
  /// Asks for a size, then for a kind, with a button for one of each.
  static let offersButtons: PreparedAssistant = {
    let source = SourceLocation(file: "small", line: 1, column: 1)
    let slots: [SlotName] = ["size", "kind"]
    let start = Flow(
      id: "pattern_session_start", name: "start", summary: "",
      steps: slots.map { FlowStep(id: StepID($0.rawValue), kind: .collect(CollectStep(slot: $0)), source: source) },
      source: source)
    func question(_ name: ResponseName, _ payload: String) -> ResponseDefinition {
      ResponseDefinition(
        name: name,
        variants: [
          ResponseVariant(
            text: Template(pieces: [.literal("Which?")]), buttons: [ResponseButton(title: "This", payload: payload)])
        ], source: source)
    }
    let responses = [
      question("utter_ask_size", "/SetSlots(size=large)"), question("utter_ask_kind", "/SetSlots(kind=red)"),
    ]
    return PreparedAssistant(
      AssistantDefinition(
        version: AssistantVersion(name: "small", contentHash: "3"), locale: .americanEnglish,
        persona: Persona(name: "R", voice: "v"), flows: [start.id: start],
        slots: Dictionary(
          uniqueKeysWithValues: slots.map { ($0, SlotDefinition(name: $0, type: .text, source: source)) }),
        responses: Dictionary(uniqueKeysWithValues: responses.map { ($0.name, $0) }), tools: [:], destinations: [:],
        voice: VoiceDefaults(), profile: "c13"))
  }()
}
