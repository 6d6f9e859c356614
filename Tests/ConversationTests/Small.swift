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
