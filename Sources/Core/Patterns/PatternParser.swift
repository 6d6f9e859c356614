/// Reads an expression into its tree, and refuses what the simulation cannot do.
struct PatternParser {
  private let characters: [Character]
  private var position = 0
  private var ignoresCase = false
  private var depth = 0

  /// Groups within groups.
  private static let deepest = 50
  /// The highest number of repetitions.
  private static let mostRepeats = 1000

  static func parse(_ text: String) throws(TextPatternError) -> PatternNode {
    guard text.count <= TextPattern.longestText else {
      throw TextPatternError(
        1, "the expression has more than \(TextPattern.longestText) characters", hint: "cut it into several conditions")
    }
    var parser = PatternParser(characters: Array(text))
    let node = try parser.choice()
    guard parser.position == parser.characters.count else {
      throw parser.failure("`)` closes nothing", hint: "write `\\)` for the sign itself")
    }
    return node
  }

  private init(characters: [Character]) { self.characters = characters }

  func failure(_ message: String, hint: String, back: Int = 0) -> TextPatternError {
    TextPatternError(max(1, position + 1 - back), message, hint: hint)
  }

  private var current: Character? { position < characters.count ? characters[position] : nil }

  private mutating func take(_ text: String) -> Bool {
    guard characters[position...].starts(with: text) else { return false }
    position += text.count
    return true
  }

  // MARK: Alternatives, sequences, repetition

  private mutating func choice() throws(TextPatternError) -> PatternNode {
    var parts = [try sequence()]
    while take("|") { parts.append(try sequence()) }
    return parts.count == 1 ? parts[0] : .choice(parts)
  }

  private mutating func sequence() throws(TextPatternError) -> PatternNode {
    var parts: [PatternNode] = []
    while let character = current, character != "|", character != ")" {
      if take("(?i)") {
        ignoresCase = true
        continue
      }
      parts.append(try repetition(try atom(character)))
    }
    return parts.isEmpty ? .empty : .sequence(parts)
  }

  private mutating func repetition(_ atom: PatternNode) throws(TextPatternError) -> PatternNode {
    let least: Int
    let most: Int?
    switch current {
    case "*": (least, most) = (0, nil)
    case "+": (least, most) = (1, nil)
    case "?": (least, most) = (0, 1)
    case "{":
      position += 1
      (least, most) = try count()
    default: return atom
    }
    if case .assertion = atom {
      throw failure("a place such as `^` cannot be repeated", hint: "take the repetition out")
    }
    position += 1
    if current == "+" {
      throw failure(
        "repetition that gives nothing back is not supported", hint: "write `*`, `+` or `?` without a second `+`")
    }
    if current == "?" { position += 1 }
    if let following = current, "*+?{".contains(following) {
      throw failure("a repetition is repeated", hint: "put the first one in brackets: `(?:a+)*`")
    }
    return .repeated(atom, least, most)
  }

  /// `n}`, `n,}`, `n,m}`, up to the closing brace.
  private mutating func count() throws(TextPatternError) -> (Int, Int?) {
    let hint = "write `{3}`, `{3,}` or `{3,5}`, at most \(Self.mostRepeats); or `\\{` for the sign itself"
    func number(_ text: some StringProtocol) -> Int? {
      guard !text.isEmpty, text.allSatisfy({ $0.isASCII && $0.isNumber }), let value = Int(text) else { return nil }
      return value <= Self.mostRepeats ? value : nil
    }
    let body = characters[position...].prefix { $0 != "}" }
    let parts = body.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
    guard position + body.count < characters.count, parts.count <= 2, let first = parts.first, let least = number(first)
    else { throw failure("`{` begins no count of repetitions", hint: hint, back: 1) }
    var most: Int? = least
    if parts.count == 2 {
      most = number(parts[1])
      if most == nil && !parts[1].isEmpty || most.map({ $0 < least }) == true {
        throw failure("`{` begins no count of repetitions", hint: hint, back: 1)
      }
    }
    position += body.count
    return (least, most)
  }

  // MARK: Atoms

  private mutating func atom(_ character: Character) throws(TextPatternError) -> PatternNode {
    switch character {
    case "(": return try group()
    case "[":
      position += 1
      return .one(try members())
    case "*", "+", "?", "{":
      throw failure("`\(character)` repeats nothing", hint: "write `\\\(character)` for the sign itself")
    case "]", "}": throw failure("`\(character)` closes nothing", hint: "write `\\\(character)` for the sign itself")
    case "\\": return try escape()
    default:
      position += 1
      switch character {
      case ".": return .one(PatternMember(kinds: [.any]))
      case "^": return .assertion(.start)
      case "$": return .assertion(.end)
      default: return .one(PatternMember(kinds: [.character(character)], ignoresCase: ignoresCase))
      }
    }
  }

  private mutating func group() throws(TextPatternError) -> PatternNode {
    let outer = ignoresCase
    let start = position
    depth += 1
    guard depth <= Self.deepest else {
      throw failure("more than \(Self.deepest) groups within each other", hint: "write it flatter")
    }
    position += 1
    if take("?i:") {
      ignoresCase = true
    } else if current == "?", !take("?:") {
      try groupName()
    }
    let node = try choice()
    guard take(")") else {
      position = start
      throw failure("`(` is not closed", hint: "write `\\(` for the sign itself")
    }
    ignoresCase = outer
    depth -= 1
    return node
  }

  /// `?<name>`; anything else behind `(?` is refused.
  private mutating func groupName() throws(TextPatternError) {
    if take("?<"), let first = current, first.isLetter || first == "_" {
      while let character = current, PatternMember.isWord(character) { position += 1 }
      if take(">") { return }
    }
    throw failure(
      "this kind of group is not supported: looking ahead or behind, atomic groups and options other than `(?i)`",
      hint:
        "write two conditions, such as `slots.a matches \"...\" and not slots.a matches \"...\"`; plain groups are `(?: )`",
      back: 1)
  }

  private mutating func escape() throws(TextPatternError) -> PatternNode {
    position += 1
    guard let character = current else {
      throw failure("`\\` escapes nothing", hint: "write `\\\\` for the sign itself")
    }
    let assertions: [Character: PatternAssertion] = [
      "A": .start, "z": .end, "b": .wordEdge, "B": .noWordEdge,
    ]
    if let assertion = assertions[character] {
      position += 1
      return .assertion(assertion)
    }
    return .one(PatternMember(kinds: [try escaped()], ignoresCase: ignoresCase))
  }

  /// What stands behind a backslash, as a kind of character.
  private mutating func escaped() throws(TextPatternError) -> PatternMember.Kind {
    guard let character = current else {
      throw failure("`\\` escapes nothing", hint: "write `\\\\` for the sign itself")
    }
    position += 1
    switch character {
    case "d", "D": return .digit(character == "d")
    case "w", "W": return .word(character == "w")
    case "s", "S": return .space(character == "s")
    case "n": return .character("\n")
    case "r": return .character("\r")
    case "t": return .character("\t")
    default:
      guard !PatternMember.isWord(character) else {
        throw failure(
          "`\\\(character)` is not supported",
          hint:
            "known are \\d \\w \\s \\D \\W \\S \\b \\B \\A \\z \\n \\r \\t; other letters stand for themselves, without `\\`",
          back: 2)
      }
      return .character(character)
    }
  }

  // MARK: Classes

  private mutating func members() throws(TextPatternError) -> PatternMember {
    let start = position
    var found = PatternMember(kinds: [], ignoresCase: ignoresCase)
    found.isNegated = take("^")
    while let character = current, character != "]" {
      let kind = try member(character)
      guard current == "-", position + 1 < characters.count, characters[position + 1] != "]" else {
        found.kinds.append(kind)
        continue
      }
      position += 1
      guard case .character(let low) = kind, let next = current, case .character(let high) = try member(next),
        let first = Self.scalar(low), let last = Self.scalar(high), first <= last
      else {
        throw failure(
          "this range of characters runs backwards or between classes", hint: "such as `[a-z0-9_-]`", back: 1)
      }
      found.kinds.append(.range(first...last))
    }
    guard current == "]", !found.kinds.isEmpty else {
      position = start
      throw failure(
        "`[` is not closed, or holds nothing", hint: "such as `[a-z]`; write `\\[` for the sign itself", back: 1)
    }
    position += 1
    return found
  }

  private mutating func member(_ character: Character) throws(TextPatternError) -> PatternMember.Kind {
    let pair = characters[position...].prefix(2)
    if character == "[" || ["&&", "--", "~~"].contains(where: { pair.elementsEqual($0) }) {
      throw failure("classes within classes are not supported", hint: "write the sign with `\\` before it: `[\\[a-z]`")
    }
    position += 1
    return character == "\\" ? try escaped() : .character(character)
  }

  private static func scalar(_ character: Character) -> Unicode.Scalar? {
    character.unicodeScalars.count == 1 ? character.unicodeScalars.first : nil
  }
}
