/// A regular expression of an author, matched in time linear in the text: by simulation of its automaton (Thompson 1968; Pike
/// 1994), never by backtracking, so that no text a caller says can make a match slow.
///
/// The dialect: literals, `.`, classes such as `[a-z]`, `[^0-9]`, `\d \w \s \D \W \S`, escapes, `^ $ \A \z \b \B`, groups `( )`,
/// `(?: )`, `(?<name> )`, `(?i)` for what follows and `(?i: )`, alternatives `|`, repetition `* + ?` and `{n} {n,} {n,m}`, also
/// lazy. What needs backtracking (looking ahead or behind, back references, atomic groups, possessive repetition) is refused
/// with what to write instead. Characters are what people take for one.
public struct TextPattern: Sendable, Hashable {
  /// As the author wrote it.
  public let text: String
  private let program: PatternProgram

  /// The longest expression, in characters.
  public static let longestText = 2000
  /// The most places of the automaton, repetitions written out.
  public static let largestProgram = 2000

  /// Reads an expression; says at which column it cannot be.
  public init(_ text: String) throws(TextPatternError) {
    self.text = text
    program = try PatternProgram(PatternParser.parse(text))
  }

  /// Whether it is found anywhere in a text.
  public func isFound(in text: some StringProtocol) -> Bool { program.matches(Array(text), whole: false) }

  /// Whether it matches the whole of a text.
  public func matchesWhole(_ text: some StringProtocol) -> Bool { program.matches(Array(text), whole: true) }

  /// Compares what the authors wrote.
  public static func == (left: Self, right: Self) -> Bool { left.text == right.text }
  /// Hashes what the author wrote.
  public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// Why an expression cannot be used.
public struct TextPatternError: Error, Hashable, Sendable {
  /// Where, in characters from 1.
  public let column: Int
  /// What is wrong, in words for authors.
  public let message: String
  /// The right form.
  public let hint: String

  init(_ column: Int, _ message: String, hint: String) {
    self.column = column
    self.message = message
    self.hint = hint
  }
}
