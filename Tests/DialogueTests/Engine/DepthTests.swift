import Core
import Testing

@testable import Dialogue

/// How many journeys may wait for each other.
@Suite struct DepthTests {
  private static let count = 40

  private static func talk() -> Talk {
    var flows: [Flow] = []
    var slots: [SlotDefinition] = []
    for index in 0..<count {
      flows.append(flow(FlowID("flow\(index)"), ask(SlotName("slot\(index)"))))
      slots.append(slot(SlotName("slot\(index)")))
    }
    return Talk(assistant(flows, slots: slots))
  }

  @Test func `1.6 the oldest interrupted journey makes room for the newest, one at a time`() {
    var talk = Self.talk()
    var cancelled: [String] = []
    for index in 0..<Self.count {
      talk.says(.startFlow(FlowID("flow\(index)")))
      cancelled += talk.noted(.flowCancelled)
      #expect(talk.awaiting == "slot\(index)")
      #expect(talk.engine.stack.count <= EngineStep.mostFrames)
      #expect(talk.journeys.last == "flow\(index)")
    }
    #expect(!cancelled.isEmpty)
    #expect(cancelled == (0..<cancelled.count).map { "flow\($0)" })
    #expect(talk.journeys == (cancelled.count..<Self.count).map { "flow\($0)" })
    #expect(talk.journeys.count > 15)
  }

  @Test func `1.6 what waits is gone on with, the newest first, down to the oldest that is left`() {
    var talk = Self.talk()
    for index in 0..<Self.count { talk.says(.startFlow(FlowID("flow\(index)"))) }
    let waiting = talk.journeys
    for name in waiting.reversed() {
      #expect(talk.journeys.last == name)
      talk.says(.setSlot(SlotName("slot" + name.dropFirst(4)), .text("x")))
    }
    #expect(talk.flows.isEmpty)
    #expect(talk.ending == .fulfil)
  }

  @Test func `1.3 a flow sets a category in its declared spelling, and what does not fit not at all`() {
    var talk = Talk(
      assistant(
        [flow("one", put("kind", .text("red")), put("size", .text("huge")), ask("a"))],
        slots: [slot("kind", .categorical(["Red", "Blue"])), slot("size", .float(minimum: 0, maximum: 9)), slot("a")]))
    talk.says(.startFlow("one"))
    #expect(talk.text("kind") == "Red")
    #expect(talk.value("size") == nil)
    #expect(talk.noted(.failure) == ["size"])
  }
}
