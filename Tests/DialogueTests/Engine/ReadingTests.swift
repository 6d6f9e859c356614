import Core
import Testing

@testable import Dialogue

/// A number that was perhaps another: a look-up that does not know it is asked for the other readings.
@Suite struct `Other readings of what was heard` {
  private static let slots = [
    slot("number", grammar: .digits(minimum: 8, maximum: 8), label: .identifier), slot("status"), slot("outcome"),
    slot("ok", .bool),
  ]

  private static func tool(
    changes: Bool = false, identifies: SlotName? = nil, latency: ToolLatency = .short, notFound: [String] = ["none"]
  ) -> ToolDefinition {
    ToolDefinition(
      name: "look_up", summary: "", request: ToolRequest(method: "GET", url: "http://localhost/"),
      arguments: [ToolArgument(name: "number", slot: "number", type: .string, pattern: "[0-9]{8}")],
      results: [ToolField(path: "status", type: .string, slot: "status", isRequired: false)], identifies: identifies,
      refusals: ["none", "closed"], notFound: notFound, outcomeSlot: "outcome", changesState: changes,
      needsNoYes: changes, latency: latency, source: place)
  }

  private static func talk(_ tool: ToolDefinition = tool(), slots: [SlotDefinition] = slots) -> Talk {
    var talk = Talk(
      assistant(
        [
          flow(
            "status", ask("number"),
            run("look_up", .when("slots.outcome = 'completed'", "tell"), .to("missed")),
            run("utter_status", id: "tell", .to("more")), run("utter_missed", id: "missed", .to("more")),
            ask("ok", id: "more"))
        ], slots: slots, responses: [response("utter_reading_taken", "I have {{context.reading}}.")], tools: [tool]))
    talk.begin()
    talk.says(.startFlow("status"))
    return talk
  }

  private static func number(_ digits: String) -> SlotValue { secret(digits, "n-\(digits)") }

  private static func heard(
    _ digits: String, or others: [String], source: SlotSource = .speech
  ) -> [ProposedCommand] {
    [
      ProposedCommand(
        .setSlot("number", number(digits)), confidence: .certain, proposer: "test", source: source,
        others: others.map(number))
    ]
  }

  private static func looked(_ talk: Talk) -> [String?] {
    talk.invocations.map { $0.arguments["number"]?.revealedText }
  }

  @Test func `are looked up in their order, and what was found is told`() {
    var talk = Self.talk()
    talk.outcomes["look_up"] = [.refused("none"), .refused("none"), .completed(["status": .text("sent")])]
    talk.proposes(Self.heard("12345678", or: ["12345679", "12345670"]))
    #expect(Self.looked(talk) == ["12345678", "12345679", "12345670"])
    #expect(talk.text("number") == "12345670" && talk.text("outcome") == "completed")
    #expect(Array(talk.said.prefix(2)) == ["utter_reading_taken", "utter_status"])
    #expect(talk.noted(.actionRun).filter { $0 == "look_up" }.count >= 3)
  }

  @Test func `leave all as it was when none is known`() {
    var talk = Self.talk()
    talk.outcomes["look_up"] = [.refused("none"), .refused("none"), .failed(.timedOut)]
    talk.proposes(Self.heard("12345678", or: ["12345679", "12345670"]))
    #expect(talk.text("number") == "12345678" && talk.text("outcome") == "none")
    #expect(talk.said.first == "utter_missed" && !talk.said.contains("utter_reading_taken"))
  }

  @Test func `are three reads at most`() {
    var talk = Self.talk()
    talk.outcomes["look_up"] = [.refused("none")]
    talk.proposes(Self.heard("12345678", or: ["12345671", "12345672", "12345673", "12345674"]))
    #expect(Self.looked(talk) == ["12345678", "12345671", "12345672"])
  }

  @Test func `stop at the first failure that is no answer`() {
    var talk = Self.talk()
    talk.outcomes["look_up"] = [.refused("none"), .unknown]
    talk.proposes(Self.heard("12345678", or: ["12345679", "12345670"]))
    #expect(Self.looked(talk).count == 2)
    #expect(talk.text("number") == "12345678" && talk.text("outcome") == "none")
  }

  @Test(arguments: [
    tool(changes: true), tool(identifies: "status"), tool(latency: .long), tool(notFound: []),
  ])
  func `are not tried by what changes, finds out who calls, lasts, or says nothing of what is not there`(
    _ tool: ToolDefinition
  ) {
    var talk = Self.talk(tool)
    talk.outcomes["look_up"] = [.refused("none")]
    talk.proposes(Self.heard("12345678", or: ["12345679"]))
    #expect(Self.looked(talk) == ["12345678"])
  }

  @Test func `are not tried after another refusal, of keys, of a secret, or once the number was right`() {
    var talk = Self.talk()
    talk.outcomes["look_up"] = [.refused("closed")]
    talk.proposes(Self.heard("12345678", or: ["12345679"]))
    #expect(Self.looked(talk).count == 1)

    talk = Self.talk()
    talk.outcomes["look_up"] = [.refused("none")]
    talk.proposes(Self.heard("12345678", or: ["12345679"], source: .keys))
    #expect(Self.looked(talk).count == 1)

    talk = Self.talk(
      slots: [slot("number", grammar: .digits(minimum: 8, maximum: 8), label: .secret)] + Self.slots[1...])
    talk.outcomes["look_up"] = [.refused("none")]
    talk.proposes(Self.heard("12345678", or: ["12345679"]))
    #expect(Self.looked(talk).count == 1)

    talk = Self.talk()
    talk.outcomes["look_up"] = [.completed(["status": .text("sent")]), .refused("none")]
    talk.proposes(Self.heard("12345678", or: ["12345679"]))
    #expect(talk.engine.slots["number"]?.others == [])
  }

  @Test func `end with a caller who hangs up`() {
    var talk = Self.talk()
    talk.proposes(Self.heard("12345678", or: ["12345679"]))
    talk.give(.hungUp)
    talk.give(.toolFinished(EffectID(1), .refused("none")))
    #expect(Self.looked(talk).isEmpty)
  }
}
