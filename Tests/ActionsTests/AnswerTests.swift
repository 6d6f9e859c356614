import Core
import Foundation
import Testing

@testable import Actions

@Suite struct AnswerTests {
  private let tool = ToolDefinition(
    name: "t", summary: "", request: ToolRequest(method: "GET", url: "http://h/"), arguments: [],
    results: [
      ToolField(path: "a.s", type: .string, values: ["x", "y"], slot: "s"),
      ToolField(path: "n", type: .integer, slot: "n", isRequired: false),
      ToolField(path: "f", type: .number, slot: "f", isRequired: false),
      ToolField(path: "b", type: .boolean, slot: nil, isRequired: false),
      ToolField(path: "l", type: .array, slot: "l", isRequired: false),
      ToolField(path: "l.1", type: .string, slot: "second", isRequired: false),
    ], refusals: ["gone"], changesState: false, source: .here)

  private func read(_ status: Int, _ body: String) -> ToolAnswer {
    ToolAnswer(HTTPAnswer(status: status, body: Data(body.utf8)), of: tool)
  }

  @Test(
    arguments: [
      (#"{"a":{"s":"x"}}"#, ["s": SlotValue.text("x")]),
      (#"{"a":{"s":"y"},"n":3,"f":3,"b":true,"other":[{}]}"#, ["s": .text("y"), "n": .number(3), "f": .number(3)]),
      (
        #"{"a":{"s":"x"},"n":null,"f":0.5,"l":["p","q"]}"#,
        ["s": .text("x"), "f": .number(0.5), "l": .list([.text("p"), .text("q")]), "second": .text("q")]
      ),
    ] as [(String, [SlotName: SlotValue])])
  func `an answer that fits fills its slots`(body: String, slots: [SlotName: SlotValue]) {
    #expect(read(200, body) == .completed(slots))
    #expect(read(201, body) == .completed(slots))
  }

  @Test(arguments: [
    "", "{", "null", "[]", "5", #"{"a":{}}"#, #"{"a":{"s":null}}"#, #"{"a":{"s":"z"}}"#, #"{"a":{"s":1}}"#,
    #"{"a":"x"}"#,
    #"{"a":{"s":"x"},"n":1.5}"#, #"{"a":{"s":"x"},"n":"1"}"#, #"{"a":{"s":"x"},"b":1}"#, #"{"a":{"s":"x"},"b":"true"}"#,
    #"{"a":{"s":"x"},"f":"1"}"#, #"{"a":{"s":"x"},"f":true}"#, #"{"a":{"s":"x"},"l":[{}]}"#,
    #"{"a":{"s":"x"},"l":"p"}"#,
    #"{"a":{"s":"x"},"n":9223372036854775807}"#, #"{"a":{"s":"x"},"n":1e400}"#, #"{"a":{"s":"x"}} x"#,
    String(repeating: "[", count: 100_000),
  ])
  func `an answer that does not fit is bad`(body: String) {
    #expect(read(200, body) == .bad)
  }

  @Test(arguments: [
    (409, #"{"error":{"code":"gone"}}"#, ToolAnswer.refused("gone")),
    (404, #"{"error":{"code":"gone"}}"#, .refused("gone")), (500, #"{"error":{"code":"gone"}}"#, .refused("gone")),
    (409, #"{"error":{"code":"other"}}"#, .error(status: 409)), (409, "", .error(status: 409)),
    (409, #"{"error":"gone"}"#, .error(status: 409)), (409, #"{"error":{"code":1}}"#, .error(status: 409)),
    (302, "", .error(status: 302)), (503, "<html>", .error(status: 503)),
  ])
  func `an error is a refusal only with a declared code`(status: Int, body: String, expected: ToolAnswer) {
    #expect(read(status, body) == expected)
  }

  @Test(arguments: [
    (#"{"status":200,"response":{"a":{"s":"x"}}}"#, ToolAnswer.completed(["s": .text("x")])),
    (#"{"status":409,"response":{"error":{"code":"gone"}}}"#, .refused("gone")),
    (#"{"status":422,"response":{}}"#, .error(status: 422)), (#"{"a":{"s":"y"}}"#, .completed(["s": .text("y")])),
    (#"{"status":"done"}"#, .bad), ("", .bad),
  ])
  func `a probe's answer is the stored outcome, or the tool's own`(body: String, expected: ToolAnswer) {
    #expect(ToolAnswer(probed: Data(body.utf8), of: tool) == expected)
  }
}
