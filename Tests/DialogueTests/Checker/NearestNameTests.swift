import Testing

@testable import Dialogue

@Suite struct NearestNameTests {
  @Test(arguments: [
    ("colect", "collect"), ("langauge", "language"), ("max_no_match", "maximum_no_match"), ("Collect", "collect"),
  ])
  func `the nearest name is found`(name: String, nearest: String) {
    #expect(NearestName.find(name, among: ["collect", "language", "maximum_no_match", "action"]) == nearest)
  }

  @Test func `nothing is near to something else`() {
    #expect(NearestName.find("banana", among: ["collect", "action"]) == nil)
    #expect(NearestName.hint("banana", among: ["b", "a"]) == "known: `a`, `b`")
    #expect(NearestName.find("x", among: []) == nil)
  }
}
