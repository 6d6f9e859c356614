import Core
import Governance
import Testing

@testable import Actions

@Suite struct ArgumentTests {
  private func read(
    _ value: SlotValue?, _ type: JSONType, pattern: String? = nil, required: Bool = true,
    policy: DataPolicy = .standard, receives: DataLabel? = nil
  ) throws -> JSONValue? {
    let tool = ToolDefinition(
      name: "t", summary: "", request: ToolRequest(method: "GET", url: "http://h/"),
      arguments: [
        ToolArgument(name: "a", slot: "a", type: type, pattern: pattern, isRequired: required, receives: receives)
      ], results: [],
      changesState: false, source: .here)
    return try ToolArguments(value.map { ["a": $0] } ?? [:], for: tool, policy: policy).values["a"]
  }

  private func secret(_ text: String?, _ label: DataLabel = .identifier) -> SlotValue {
    .sensitive(Sensitive(token: SensitiveToken(label: label, id: "1"), value: text))
  }

  @Test(arguments: [
    (SlotValue.text("x"), JSONType.string, JSONValue.string("x")),
    (.number(3), .integer, .integer(3)), (.number(3), .number, .integer(3)), (.number(2.5), .number, .number(2.5)),
    (.bool(true), .boolean, .bool(true)), (.text("12"), .integer, .integer(12)),
    (.text("-1.5"), .number, .number(-1.5)),
    (.text("true"), .boolean, .bool(true)),
    (.list([.text("a"), .number(1)]), .array, .array([.string("a"), .integer(1)])),
  ])
  func `a value becomes its declared type`(value: SlotValue, type: JSONType, expected: JSONValue) throws {
    #expect(try read(value, type) == expected)
  }

  @Test(arguments: [
    (SlotValue.number(3), JSONType.string), (.bool(true), .string), (.number(2.5), .integer), (.number(.nan), .number),
    (.number(.infinity), .number), (.number(1e300), .integer), (.text("1.5"), .integer), (.text(" 1"), .integer),
    (.text("nan"), .number), (.text("yes"), .boolean), (.number(1), .boolean), (.text("a"), .array),
    (.list([]), .string),
    (.list([.list([])]), .array),
  ])
  func `a value that is not its type is refused`(value: SlotValue, type: JSONType) {
    #expect(throws: ArgumentFailure(.badArgument)) { try read(value, type) }
  }

  @Test(arguments: [
    ("10473829", true), ("1047382", false), ("104738290", false), ("x10473829", false), ("10473829\n", false),
    ("", false),
  ])
  func `a pattern matches whole or not at all`(text: String, fits: Bool) throws {
    if fits {
      #expect(try read(secret(text), .string, pattern: "[0-9]{8}") == .string(text))
    } else {
      #expect(throws: ArgumentFailure(.badArgument)) { try read(secret(text), .string, pattern: "[0-9]{8}") }
    }
  }

  @Test func `missing, erased and undeclared arguments are refused`() throws {
    #expect(throws: ArgumentFailure(.badArgument)) { try read(nil, .string) }
    #expect(try read(nil, .string, required: false) == nil)
    #expect(throws: ArgumentFailure(.badArgument)) { try read(secret(nil), .string) }
    let tool = Shop.tools[0]
    #expect(throws: ArgumentFailure(.badArgument)) {
      try ToolArguments(["order_number": .text("10473829"), "more": .text("x")], for: tool, policy: .standard)
    }
  }

  @Test func `a label the policy keeps in does not go to a tool, in lists neither`() throws {
    #expect(throws: ArgumentFailure(.forbidden)) { try read(secret("4111", .card), .string) }
    #expect(throws: ArgumentFailure(.forbidden)) { try read(.list([secret("4111", .card)]), .array) }
    #expect(try read(secret("4111", .card), .string, receives: .card) == .string("4111"))
    #expect(throws: ArgumentFailure(.forbidden)) { try read(secret("4111", .card), .string, receives: .secret) }
    let policy = DataPolicy.standard.allowing([.card], at: .tool)
    #expect(try read(secret("4111", .card), .string, policy: policy) == .string("4111"))
  }
}
