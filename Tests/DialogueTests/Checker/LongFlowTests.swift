import Core
import Testing

@testable import Dialogue

/// A check takes time in proportion to an assistant's steps.
@Suite struct LongFlowTests {
  private static let steps = 20_000

  @Test(.timeLimit(.minutes(1)))
  func `a flow of many steps is walked once`() {
    let steps = (0..<Self.steps).map { run("utter_x", id: StepID("s\($0)")) }
    let graph = FlowGraph(Flow(id: "long", name: "long", summary: "", steps: steps, source: place))
    #expect(graph.stuck == [] && graph.silentLoop == [] && graph.unreachable == [])
  }

  @Test(.timeLimit(.minutes(1)))
  func `a long silent loop is found with all its steps, behind a way that leads into it`() {
    var steps = (0..<Self.steps).map { run("utter_x", id: StepID("s\($0)")) }
    steps.append(run("utter_x", id: "last", .to("s5")))
    let graph = FlowGraph(Flow(id: "long", name: "long", summary: "", steps: steps, source: place))
    #expect(graph.silentLoop == Array(5...Self.steps))
    #expect(graph.stuck == Array(0...Self.steps))
  }

  @Test(.timeLimit(.minutes(1)))
  func `a search through a long journey goes each way once`() {
    let steps = (0..<3_000).map { number in
      number.isMultiple(of: 2)
        ? run("utter_x", id: StepID("s\(number)")) : ask("x", id: StepID("s\(number)"), first: true)
    }
    let long = Flow(id: "long", name: "long", summary: "a long one", steps: steps, source: place)
    #expect(!StateSearch.check(assistant([long], slots: [slot("x")])).contains { $0.severity == .error })
  }
}
