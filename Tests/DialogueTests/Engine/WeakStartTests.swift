import Core
import Testing

@testable import Dialogue

/// However readily an assistant guesses, what changes something is not begun on a guess.
@Suite struct `A start on a weak guess` {
  static func talk(_ id: FlowID, sure: Int) -> Talk {
    var voice = VoiceDefaults()
    voice.clarifyBelow = Confidence(permille: 200)
    var talk = Talk(
      assistant(
        [
          flow("pay", ask("ok"), run("move")), flow("outer", run("utter_x"), call("pay")),
          flow("look", ask("a"), run("find")),
        ], slots: [slot("ok", .bool), slot("a")],
        tools: [tool("move", changes: true, confirmedBy: "ok"), tool("find")], voice: voice))
    talk.begin()
    talk.says(.startFlow(id), confidence: Confidence(permille: sure))
    return talk
  }

  @Test(arguments: ["pay", "outer"]) func `is asked about where the journey changes something`(flow: FlowID) {
    #expect(Self.talk(flow, sure: 449).engine.understandingContext.options == [flow])
    #expect(Self.talk(flow, sure: 450).engine.understandingContext.awaiting == "ok")
  }

  @Test func `is as good as its assistant says where it only looks`() {
    #expect(Self.talk("look", sure: 300).engine.understandingContext.awaiting == "a")
    #expect(Self.talk("look", sure: 199).engine.understandingContext.options == ["look"])
  }
}
