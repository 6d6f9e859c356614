import Core
import TestSupport
import Testing

@testable import Conversation

/// A caller who hangs up in the middle: what flows do then, and that it ends.
@Suite struct HangUpTests {
  private static let place = SourceLocation(file: "small", line: 1, column: 1)

  private static func tool(_ name: ActionName, latency: ToolLatency = .short) -> ToolDefinition {
    ToolDefinition(
      name: name, summary: "", request: ToolRequest(method: "POST", url: "http://localhost/"), arguments: [],
      results: [], changesState: true, latency: latency, source: place)
  }

  private static func conversation(latency: ToolLatency = .short, handled: Bool = true) -> Conversation {
    func steps(_ names: ActionName...) -> [FlowStep] {
      names.enumerated().map { FlowStep(id: StepID("s\($0.offset)"), kind: .action($0.element), source: place) }
    }
    func flow(_ id: FlowID, _ steps: [FlowStep], _ voice: FlowVoice = FlowVoice()) -> Flow {
      Flow(id: id, name: id.rawValue, summary: "", steps: steps, voice: voice, source: place)
    }
    let flows = [
      flow("work", steps("begin_work"), FlowVoice(onHangUp: handled ? "leave" : nil)),
      flow("leave", steps("note_gone", "utter_nobody", "note_gone")),
    ]
    let assistant = PreparedAssistant(
      AssistantDefinition(
        version: AssistantVersion(name: "small", contentHash: "1"), locale: .americanEnglish,
        persona: Persona(name: "R", voice: "v"), flows: Dictionary(uniqueKeysWithValues: flows.map { ($0.id, $0) }),
        slots: [:],
        responses: Dictionary(
          uniqueKeysWithValues: (["utter_nobody", "utter_please_wait"] as [ResponseName]).map {
            (
              $0,
              ResponseDefinition(
                name: $0, variants: [ResponseVariant(text: Template(text: "Words."))], source: place)
            )
          }),
        tools: ["begin_work": tool("begin_work", latency: latency), "note_gone": tool("note_gone")], destinations: [:],
        voice: VoiceDefaults(), profile: "c13"))
    let start = CallStart(
      tenant: "tenant", conversation: "conversation", call: "call", leg: "leg", channel: .voice, calledAddress: "x",
      clock: WallClock(epochMilliseconds: 0, utcOffsetSeconds: 0), seed: 1)
    return Conversation(assistant: assistant, start: start)
  }

  private func begun(_ latency: ToolLatency = .short, handled: Bool = true) -> (Conversation, [CallEffect]) {
    var call = Self.conversation(latency: latency, handled: handled)
    _ = call.handle(.connected, at: .zero)
    let key = Sensitive(token: SensitiveToken(label: .speech, id: "k"), value: "2")
    let effects = call.handle(.digit(key), at: CallInstant(microseconds: 1_000_000))
    return (call, effects)
  }

  private func invocations(_ effects: [CallEffect]) -> [ToolInvocation] {
    effects.compactMap { if case .work(.invoke(let invocation)) = $0 { invocation } else { nil } }
  }

  private let later = CallInstant(microseconds: 2_000_000)

  @Test func `the handler's tools run one after the other, in silence, then the call is over`() throws {
    var (call, effects) = begun()
    #expect(invocations(effects).map(\.tool) == ["begin_work"])
    effects = call.handle(.hungUp(by: .caller), at: later)
    let first = try #require(invocations(effects).first, "\(effects)")
    #expect(first.tool == "note_gone" && !call.isOver)
    #expect(effects.contains { if case .setTimer(.work(.tool(first.effect)), _) = $0 { true } else { false } })
    #expect(!effects.contains { if case .setTimer(.meanwhile, _) = $0 { true } else { false } }, "nobody is told")
    #expect(call.handle(.timerFired(.longestCall), at: later).isEmpty, "nothing else counts any more")
    effects = call.handle(.finished(.tool(first.effect), .tool(.completed([:]))), at: later)
    let second = try #require(invocations(effects).first)
    #expect(!effects.contains { if case .speak = $0 { true } else { false } })
    effects = call.handle(.timerFired(.work(.tool(second.effect))), at: later)
    #expect(call.isOver && invocations(effects).isEmpty)
    #expect(call.handle(.finished(.tool(second.effect), .tool(.unknown)), at: later).isEmpty)
  }

  @Test func `without a handler the call is over at once`() {
    var (call, _) = begun(handled: false)
    let effects = call.handle(.hungUp(by: .caller), at: later)
    #expect(call.isOver && invocations(effects).isEmpty)
  }

  @Test(arguments: [(ToolLatency.instant, 4_000), (.short, 900), (.long, 4_000)])
  func `the first word of waiting comes when the tool's latency says`(latency: ToolLatency, after: Int) {
    let (_, effects) = begun(latency)
    let due = effects.compactMap { effect -> CallInstant? in
      if case .setTimer(.meanwhile, let instant) = effect { instant } else { nil }
    }
    #expect(due == [CallInstant(microseconds: 1_000_000) + .milliseconds(after)])
  }
}
