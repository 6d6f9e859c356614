import Core
import Foundation
import TestSupport
import Testing

@testable import Actions

@Suite struct JSONTextTests {
  private func read(_ text: String) throws -> JSONValue { try JSONText.value(of: Data(text.utf8)) }

  @Test(arguments: [
    ("null", JSONValue.null), (" true ", .bool(true)), ("false", .bool(false)), ("0", .integer(0)),
    ("-12", .integer(-12)),
    ("1.5", .number(1.5)), ("1.0", .integer(1)), ("1e3", .integer(1000)), ("2.5E-1", .number(0.25)),
    ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number(9223372036854775808)),
    (#""a\"\\\/\b\f\n\r\tz""#, .string("a\"\\/\u{8}\u{c}\n\r\tz")), (#""\u00e4\ud83d\ude00""#, .string("ä😀")),
    ("\"ä😀\"", .string("ä😀")), ("[]", .array([])), ("[1, [2]]", .array([.integer(1), .array([.integer(2)])])),
    ("{}", .object([:])), (#"{"a": {"b": []}, "c": 1}"#, .object(["a": .object(["b": .array([])]), "c": .integer(1)])),
    ("\u{FEFF}[1]", .array([.integer(1)])),
  ])
  func `a value is read`(text: String, value: JSONValue) throws {
    #expect(try read(text) == value)
  }

  @Test(arguments: [
    "", " ", "{", "[", "[1", "[1,", "[1,]", "[,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\":1 \"b\":2}",
    "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "[{\"x\":{\"y\":1,\"y\":1}}]", "nul", "truefalse", "01", "+1", "-",
    ".5", "1.", "1e", "1e+", "1e400", "-1e999", "NaN", "Infinity", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u+123\"",
    "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"a\nb\"", "1 2", "{} x", "[1]]", "'a'", "\u{FEFF}",
    "\u{FEFF}\u{FEFF}1",
  ])
  func `what is no JSON, or has two meanings, is refused`(text: String) {
    #expect(throws: JSONText.Malformed.self) { try read(text) }
  }

  @Test func `octets that are no UTF-8 are refused`() {
    for bytes: [UInt8] in [[0x22, 0xff, 0x22], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22]] {
      #expect(throws: JSONText.Malformed.self) { try JSONText.value(of: Data(bytes)) }
    }
  }

  @Test func `nesting is bounded`() throws {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    _ = try read(nested(64))
    #expect(throws: JSONText.Malformed.self) { try read(nested(65)) }
    #expect(throws: JSONText.Malformed.self) { try read(String(repeating: "{\"a\":", count: 100_000)) }
  }

  @Test func `nothing that is read traps, and what Foundation writes is read as it was`() throws {
    var random = Seeded(7)
    let alphabet = Array(#"{}[]:,"\u0123456789eE+-.truefalsn "#.utf8)
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
      let strict = try? JSONText.value(of: Data(bytes))
      let lenient = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))
      if let strict { #expect(lenient == strict, "\(String(decoding: bytes, as: UTF8.self))") }
    }
  }
}
