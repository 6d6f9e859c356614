import Core
import Testing

@testable import Dialogue

/// Walks through a flow take time in proportion to its steps.
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
}
