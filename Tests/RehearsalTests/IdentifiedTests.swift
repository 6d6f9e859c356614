import Conversation
import Core
import Dialogue
import Testing

@testable import Rehearsal

@Suite struct `A rehearsed caller` {
  /// Asks a tool who calls, twice, as soon as the line is there.
  private static let asking: AssistantDefinition = {
    let source = SourceLocation(file: "small", line: 1, column: 1)
    let start = Flow(
      id: "pattern_session_start", name: "start", summary: "",
      steps: ["once", "twice"].map { FlowStep(id: StepID($0), kind: .action("find_customer"), source: source) },
      source: source)
    let tool = ToolDefinition(
      name: "find_customer", summary: "", request: ToolRequest(method: "GET", url: "/"), arguments: [],
      results: [ToolField(path: "number", type: .string, slot: "customer")], identifies: "customer",
      changesState: false, source: source)
    return AssistantDefinition(
      version: AssistantVersion(name: "small", contentHash: "1"), locale: .americanEnglish,
      persona: Persona(name: "R", voice: "v"), flows: [start.id: start],
      slots: ["customer": SlotDefinition(name: "customer", type: .text, label: .identifier, source: source)],
      responses: [:], tools: [tool.name: tool], destinations: [:], voice: VoiceDefaults(), profile: "c13")
  }()

  @Test func `is identified by a tool as a caller is, and once`() async {
    let trace = EngineTrace()
    let start = CallStart(
      tenant: "t", conversation: "c", call: "k", leg: "l", channel: .chat, calledAddress: "*",
      clock: WallClock(epochMilliseconds: 1_900_000_000_000, utcOffsetSeconds: 0), seed: 1)
    var call = RehearsedCall(assistant: PreparedAssistant(Self.asking, trace: trace), trace: trace, start: start)
    var numbers = ["48231", "77310"]
    call.act = { _, _ in
      RehearsedCall.ActionResult(outcome: .completed(["customer": .text(numbers.removeFirst())]))
    }
    await call.connect()
    #expect(call.conversation.person == nil)
    await call.settle()
    #expect(numbers.isEmpty)
    let person = call.conversation.person
    #expect(person != nil && person == PersonID("person 48231"))
    #expect(call.conversation.slots["customer"]?.revealedText == "77310", "the outcome is taken as it is")
  }
}
