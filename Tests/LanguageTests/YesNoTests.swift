import Core
import Foundation
import Testing

@testable import Language

/// Answers to "shall I make this change?", by the kind each of them is. Half of them the reader was written with; it was never
/// changed for a kind in the other half.
@Suite struct `Yes is read as no more than it is` {
  struct Said: Hashable, CustomTestStringConvertible {
    var kind: YesNoAnswer
    var text: String
    var testDescription: String { "\(kind): \(text)" }
    var read: YesNoAnswer { .of(text, locale: .americanEnglish) }
  }

  static func cases(_ name: String) throws -> [Said] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name).txt")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
      guard !line.hasPrefix("#"), let colon = line.firstIndex(of: ":"),
        let kind = YesNoAnswer(rawValue: String(line[..<colon]))
      else { return nil }
      return Said(kind: kind, text: String(line[line.index(colon, offsetBy: 2)...]))
    }
  }

  static let tuned = (try? cases("yes_no_tuned")) ?? []
  static let heldOut = (try? cases("yes_no_held_out")) ?? []

  @Test func `there are enough cases, and no sentence stands in both halves`() {
    #expect(Self.tuned.count >= 250 && Self.heldOut.count >= 220)
    #expect(Set(Self.tuned.map(\.text)).isDisjoint(with: Self.heldOut.map(\.text)))
    #expect(Set(Self.tuned.map(\.kind)).count == YesNoAnswer.allCases.count)
  }

  @Test(arguments: tuned) func `what the reader was written with`(_ said: Said) {
    #expect(said.read == said.kind)
  }

  @Test func `nothing that is less than a yes is read as one, and no yes as a no`() {
    let all = Self.tuned + Self.heldOut
    #expect(all.filter { $0.kind != .yes && $0.read == .yes } == [])
    #expect(all.filter { $0.kind == .yes && $0.read == .no } == [])
  }

  @Test func `few of the yes and no nobody tuned for are asked again`() {
    for (kind, most) in [(YesNoAnswer.yes, 10), (.no, 15)] {
      let said = Self.heldOut.filter { $0.kind == kind }
      let missed = said.filter { $0.read != kind }
      print("\(kind) asked again, of those not tuned for: \(missed.count) of \(said.count): \(missed.map(\.text))")
      #expect(missed.count * 100 <= most * said.count, "\(missed)")
    }
    let alike = Self.heldOut.count { $0.read == $0.kind }
    print("kinds alike, of those not tuned for: \(alike) of \(Self.heldOut.count)")
  }

  @Test func `the words of no other kind make a yes by standing beside one`() {
    let others = ["if", "but", "not", "maybe", "what", "the", "tomorrow", "fifty", "I", "so", "and", "who", "never"]
    for said in (Self.tuned + Self.heldOut).filter({ $0.kind == .yes }) {
      for word in others {
        let text = said.text.trimming + " " + word
        #expect(YesNoAnswer.of(text, locale: .americanEnglish) != .yes, "\(text)")
      }
      #expect(YesNoAnswer.of(said.text.trimming + "?", locale: .americanEnglish) != .yes)
    }
  }
}

extension String {
  fileprivate var trimming: String { String(reversed().drop { ".!".contains($0) }.reversed()) }
}
