import Foundation
import Testing

@testable import Core

@Suite("Text of others on a terminal")
struct TerminalTextTests {
  @Test(arguments: [
    ("\u{1B}[2J", #"\u{1B}[2J"#), ("\u{1B}]0;title\u{07}", #"\u{1B}]0;title\u{07}"#), ("\u{9B}31m", #"\u{9B}31m"#),
    ("\u{9D}8;;x\u{9C}", #"\u{9D}8;;x\u{9C}"#), ("a\u{08}b\u{7F}", #"a\u{08}b\u{7F}"#), ("\u{0}", #"\u{00}"#),
    ("\u{202E}dlog\u{202C}", #"\u{202E}dlog\u{202C}"#), ("\u{2066}x\u{2069}", #"\u{2066}x\u{2069}"#),
    ("yes\nagent: done", #"yes\nagent: done"#), ("yes\r\nno", #"yes\r\nno"#),
    ("a\u{85}b\u{2028}c", #"a\u{85}b\u{2028}c"#),
  ])
  func `shows what would act on a terminal as its code`(text: String, shown: String) {
    #expect(TerminalText.line(text) == shown)
    #expect(TerminalText.line(shown) == shown)
  }

  @Test(arguments: [
    "", "plain words, 50 %", "Zürich, Łódź, 東京", "a\tb", #"C:\new"#, "שלום", "👩‍👩‍👧", "e\u{301}", "ni\u{200C}m",
  ])
  func `leaves ordinary text alone`(text: String) {
    #expect(TerminalText.line(text) == text)
    #expect(TerminalText.lines(text) == text)
    #expect(TerminalText.json(text) == text)
  }

  @Test func `no sign below a space and none of C1 ever gets through a line`() {
    for value in (0..<0xA0 as Range<UInt32>) where value != 9 {
      guard let scalar = Unicode.Scalar(value), value < 0x20 || value >= 0x7F else { continue }
      let shown = TerminalText.line("a\(scalar)b")
      #expect(shown.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) }, "\(value)")
    }
  }

  @Test func `a report keeps its own line ends only`() {
    #expect(TerminalText.lines("one\n  two\u{1B}c\r\n") == #"one\#n  two\u{1B}c\r\#n"#)
  }

  @Test func `a document in JSON says the same`() throws {
    let value = ["said": "\u{9B}2J \u{202E}x\u{7F} \u{1B}[0m\n", "kept": "ü"]
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted]
    let document = String(decoding: try encoder.encode(value), as: UTF8.self)
    let shown = TerminalText.json(document)
    #expect(shown.unicodeScalars.allSatisfy { $0 == "\n" || TerminalText.line(String($0)) == String($0) })
    #expect(try JSONDecoder().decode([String: String].self, from: Data(shown.utf8)) == value)
  }
}
