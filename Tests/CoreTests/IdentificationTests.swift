import Testing

@testable import Core

@Suite struct `What a tool says of who calls` {
  private func tool(_ identifies: SlotName?) -> ToolDefinition {
    ToolDefinition(
      name: "find", summary: "", request: ToolRequest(method: "GET", url: "/"), arguments: [],
      results: [ToolField(path: "number", type: .string, slot: "number")], identifies: identifies, changesState: false,
      source: SourceLocation(file: "f", line: 1, column: 1))
  }

  private func person(_ outcome: ToolOutcome, _ identifies: SlotName? = "number") -> PersonID? {
    tool(identifies).person(in: outcome) { PersonID("<\($0)>") }
  }

  @Test func `is the value of the slot it identifies by, and blanks around it do not count`() {
    let token = SensitiveToken(label: .identifier, id: "1")
    #expect(person(.completed(["number": .sensitive(Sensitive(token: token, value: " 48 231\t\n"))])) == "<48 231>")
    #expect(person(.completed(["number": .number(48231)])) == "<48231>")
    #expect(person(.completed(["number": .text("a")])) == "<a>")
    #expect(ToolDefinition.identifying("\u{2003}x y \n") == "x y")
  }

  @Test func `is nothing when there is no such value, or it did not complete`() {
    let token = SensitiveToken(label: .identifier, id: "1")
    #expect(person(.completed(["number": .sensitive(Sensitive(token: token, value: nil))])) == nil)
    #expect(person(.completed(["number": .text(" \n")])) == nil)
    #expect(person(.completed(["other": .text("a")])) == nil)
    #expect(person(.completed(["number": .text("a")]), nil) == nil)
    for outcome in [ToolOutcome.refused("number"), .failed(.badAnswer), .unknown] { #expect(person(outcome) == nil) }
  }
}
