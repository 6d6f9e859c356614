import Conversation
import Core
import TestSupport
import Testing

@testable import Calls

/// A PIN is a secret from the first line of the journal on, not only once it stands in its slot.
@Suite struct `A secret that is asked for` {
  private static let here = SourceLocation(file: "pin", line: 1, column: 1)

  private static func text(_ name: ResponseName, _ words: String) -> (ResponseName, ResponseDefinition) {
    let variant = ResponseVariant(text: Template(pieces: [.literal(words)]), interruption: .free)
    return (name, ResponseDefinition(name: name, variants: [variant], source: here))
  }

  private static let assistant: PreparedAssistant = {
    let journey = Flow(
      id: "enter", name: "enter", summary: "",
      steps: [FlowStep(id: "pin", kind: .collect(CollectStep(slot: "pin")), source: here)], source: here)
    let pin = SlotDefinition(
      name: "pin", type: .text, grammar: .digits(minimum: 6, maximum: 6), label: .secret, source: here)
    return PreparedAssistant(
      AssistantDefinition(
        version: AssistantVersion(name: "pin", contentHash: "1"), locale: .americanEnglish,
        persona: Persona(name: "R", voice: "v"), flows: [journey.id: journey], slots: [pin.name: pin],
        responses: Dictionary(uniqueKeysWithValues: [text("utter_ask_pin", "Your PIN please?")]), tools: [:],
        destinations: [:], voice: VoiceDefaults(), profile: "c13"))
  }()

  @Test func `is one in every event, fact and effect, keyed or said`() async throws {
    let studio = try Studio(
      recognizer: FakeRecognizer(finals: .gives("enter"), .gives("four seven one one")),
      understander: FakeUnderstander(.gives([.startFlow("enter")]), .gives([])), prepared: Self.assistant)
    try await studio.connect()
    await studio.speak(600)
    await studio.pass(until: "it is asked for") { $0.said.contains("PIN") }
    await studio.speak(900)
    await studio.pass(until: "it was said") { $0.transcripts.count == 2 && $0.requests.count == 2 }
    studio.port.press("47")
    await studio.pass(until: "it was keyed") { studio in
      studio.events.count { if case .digit = $0 { true } else { false } } == 2
    }
    #expect(studio.transcripts.map(\.text.token.label) == [.speech, .secret])
    let keys = studio.events.compactMap { if case .digit(let key) = $0 { key.token.label } else { nil } }
    #expect(keys == [.secret, .secret])
    let facts = studio.effects.compactMap { if case .fact(let fact) = $0 { fact.token.label } else { nil } }
    #expect(facts.allSatisfy { $0 == .secret })
    let asked = studio.requests.last?.heard.map(\.text.token.label)
    #expect(asked == [.secret])
  }

  @Test func `leaves the words of two voices numbered as they were said`() async throws {
    let studio = try Studio(
      recognizer: FakeRecognizer(finals: .gives("a story"), .gives("and more")), prepared: Self.assistant)
    try await studio.connect()
    await studio.speak(600)
    await studio.pass(until: "the first is there") { $0.transcripts.count == 1 }
    await studio.pass(1_500)
    await studio.speak(600)
    await studio.pass(until: "the second is there") { $0.transcripts.count == 2 }
    #expect(studio.transcripts.map(\.segment) == [1, 2])
  }
}
