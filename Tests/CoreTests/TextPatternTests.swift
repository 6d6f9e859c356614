import Core
import TestSupport
import Testing

@Suite struct `An author's expression` {
  static let clinic =
    "(?i)chest|heart attack|numb|pass(ed|ing) out|(kill|hurt|harm)(ing)? myself|swollen (throat|tongue|face)"

  @Test(arguments: [
    ("^date_", "date_taken", true), ("^date_", "update_", false), ("^[0-9]{3}$", "123", true),
    ("^[0-9]{3}$", "1234", false), ("[0-9]{3}", "a1234", true), (clinic, "My HEART ATTACK", true),
    (clinic, "I will be hurting myself", true), (clinic, "a swollen knee", false), ("a|", "", true),
    ("a*?b", "aab", true),
    ("(?:a|b)+c", "abac", true), ("(?<year>\\d{4})-\\d\\d", "on 2026-11", true), ("[^a-z]", "abc", false),
    ("[\\]\\-x]", "-", true), ("[a-]", "-", true), ("\\bis\\b", "this is", true), ("\\bis\\b", "this", false),
    ("\\Aab\\z", "ab", true), ("(?i:A)b", "ab", true), ("(?i:A)b", "aB", false), ("\\.", "a", false),
    ("é", "e\u{301}", true),
    ("a{2,}", "a", false), ("a{0}", "", true), ("(a*)*b", "aaab", true), ("^$", "", true), (".", "\n", false),
  ])
  func `is found or not`(pattern: String, text: String, isFound: Bool) throws {
    #expect(try TextPattern(pattern).isFound(in: text) == isFound)
  }

  @Test(arguments: [
    ("\\d{8}", "12345678", true), ("\\d{8}", "123456789", false), ("checking|savings", "savings", true),
    ("a|ab", "ab", true), ("\\d{4}-\\d{2}-\\d{2}|earliest", "2026-11-21", true), ("\\d{7,15}", "123456", false),
  ])
  func `matches a whole text or not`(pattern: String, text: String, matches: Bool) throws {
    #expect(try TextPattern(pattern).matchesWhole(text) == matches)
  }

  @Test(arguments: [
    ("(?=a)", 2), ("(?!a)b", 2), ("(?<=a)b", 4), ("(?>a)", 2), ("(a)\\1", 4), ("a++", 3), ("a**", 3), ("(a", 1),
    ("a)", 2),
    ("[a", 1), ("[]", 1), ("a{", 2), ("a{3,2}", 2), ("a{1001}", 2), ("*a", 1), ("\\", 2), ("\\p{L}", 1), ("[z-a]", 3),
    ("[a&&b]", 3), ("^*", 2), ("(?x)a", 2), ("]", 1), ("((a{500}){500})", 1),
  ])
  func `that would need backtracking or is broken is refused with its column`(pattern: String, column: Int) {
    do throws(TextPatternError) {
      _ = try TextPattern(pattern)
      Issue.record("'\(pattern)' was read")
    } catch {
      #expect(error.column >= 1 && error.column <= column + 2, "\(error)")
      #expect(!error.message.isEmpty && !error.hint.isEmpty)
    }
  }

  @Test(arguments: [
    "(a+)+$", "(a|a)*$", "(a*)*b", "(a|aa)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*a){20}", "((a?){15}){15}b",
    "(?:(?:){1000}){1000}",
    "(x+x+)+y", "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)z",
  ])
  func `takes time linear in the text`(pattern: String) throws {
    let expression = try TextPattern(pattern)
    let text = String(repeating: "a", count: 1000) + "!"
    _ = expression.isFound(in: text)
    #expect(!expression.matchesWhole(text + "\n"))
  }

  @Test func `is refused when too long or too deep, and never exhausts the stack`() {
    for pattern in [
      String(repeating: "(", count: 100_000),
      String(repeating: "(", count: 1000) + "a" + String(repeating: ")", count: 1000),
      String(repeating: "a", count: 3000), String(repeating: "(?:", count: 60) + String(repeating: "){9}", count: 60),
      "(?:(?:(?:(?:a{1000}){1000}){1000}){1000}){1000}",
    ] {
      #expect(throws: TextPatternError.self) { _ = try TextPattern(pattern) }
    }
  }

  @Test(arguments: 0..<40) func `says what the standard library's says`(seed: Int) throws {
    var random = Seeded(UInt64(seed) &+ 400)
    let atoms = [
      "a", "b", "[ab]", "[^a]", ".", "\\d", "\\w", "(a|b)", "(?:ab|c)", "^", "(?i)B", "\\s", "1", "[a-c1-3]", "c",
    ]
    let repeats = ["", "", "", "*", "+", "?", "{2}", "{1,3}", "{2,}", "*?"]
    for _ in 0..<40 {
      let pattern = (0..<1 + random.below(4)).map { _ in
        let atom = atoms[random.below(atoms.count)]
        return atom == "^" || atom.hasPrefix("(?i)") ? atom : atom + repeats[random.below(repeats.count)]
      }.joined(separator: random.chance(0.2) ? "|" : "")
      let regex = try Regex(pattern)
      let expression = try TextPattern(pattern)
      for _ in 0..<20 {
        let text = (0..<random.below(7)).map { _ in ["a", "b", "B", "c", "1", " ", "é"][random.below(7)] }.joined()
        let isFound = try regex.firstMatch(in: text) != nil
        let matches = try regex.wholeMatch(in: text) != nil
        #expect(expression.isFound(in: text) == isFound, "\(pattern) in '\(text)'")
        #expect(expression.matchesWhole(text) == matches, "\(pattern) is '\(text)'")
      }
    }
  }

  @Test(arguments: 0..<20) func `of any signs is read or refused`(seed: Int) {
    var random = Seeded(UInt64(seed) &+ 900)
    let signs = Array("ab1()[]{}|*+?.^$\\-,:<>=!idwsé👩\u{301}\n#&")
    for _ in 0..<300 {
      let pattern = String((0..<random.below(14)).map { _ in signs[random.below(signs.count)] })
      guard let expression = try? TextPattern(pattern) else { continue }
      _ = expression.isFound(in: "ab1\n" + pattern)
    }
  }
}
