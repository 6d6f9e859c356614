public import Core

/// Reads the texts of responses: `{slot}`, `{{ expression }}`, `{% if %} ... {% elif %} ... {% else %} ... {% endif %}`.
public struct TemplateParser {
  private let characters: [Character]
  private let isStrict: Bool
  private var position = 0
  private var depth = 0

  /// Reads a text; throws with the column and what would be right.
  /// - Parameter strictly: whether a brace that belongs to no place is a mistake instead of a sign to be said, as in a text that an author
  ///   writes.
  public static func parse(_ text: String, strictly: Bool = false) throws(DialogueError) -> Template {
    guard text.utf8.contains(UInt8(ascii: "{")) || strictly && text.utf8.contains(UInt8(ascii: "}")) else {
      return Template(text: text)
    }
    var parser = TemplateParser(characters: Array(text), isStrict: strictly)
    let pieces = try parser.pieces(untilTag: [])
    return Template(pieces: pieces)
  }

  private init(characters: [Character], isStrict: Bool) {
    self.characters = characters
    self.isStrict = isStrict
  }

  private func peek(_ offset: Int = 0) -> Character? {
    position + offset < characters.count ? characters[position + offset] : nil
  }

  private enum Tag {
    case end
    case word(String, rest: String, column: Int)
  }
  private var lastTag: Tag = .end

  /// Pieces up to one of the tags, which is left in `lastTag`.
  private mutating func pieces(untilTag tags: Set<String>) throws(DialogueError) -> [Template.Piece] {
    var pieces: [Template.Piece] = []
    var literal = ""
    func flush() {
      if !literal.isEmpty { pieces.append(.literal(literal)) }
      literal = ""
    }
    while let character = peek() {
      if character == "{", peek(1) == "{" {
        flush()
        pieces.append(.expression(try expression()))
      } else if character == "{", peek(1) == "%" {
        let tag = try tag(&literal)
        guard case .word(let word, let rest, let column) = tag else { continue }
        if tags.contains(word) {
          flush()
          lastTag = tag
          return pieces
        }
        guard word == "if" else {
          throw DialogueError(
            .template, at: column, "'{% \(word) %}' is not supported here", hint: "use if, elif, else, endif")
        }
        flush()
        pieces.append(try choice(condition: rest, column: column))
      } else if character == "{", peek(1) == "#" {
        try comment()
      } else if character == "{", let slot = slotName() {
        flush()
        pieces.append(.slot(slot))
      } else {
        if isStrict, character == "{" || character == "}" { throw stray(character) }
        literal.append(character)
        position += 1
      }
    }
    flush()
    guard tags.isEmpty else {
      throw DialogueError(.template, at: characters.count, "'{% if %}' is not closed", hint: "end it with {% endif %}")
    }
    lastTag = .end
    return pieces
  }

  private func stray(_ brace: Character) -> DialogueError {
    DialogueError(
      .template, at: position + 1, brace == "{" ? "this '{' begins no place to fill" : "this '}' ends none",
      hint: "a place is {slot} or {{ expression }}, none within another; a brace that is meant is {{ '\(brace)' }}")
  }

  /// `{name}` at the position, or nil when the brace is a plain character.
  private mutating func slotName() -> SlotName? {
    var index = position + 1
    var name = ""
    while index < characters.count, characters[index].isLetter || characters[index].isNumber || characters[index] == "_"
    {
      name.append(characters[index])
      index += 1
    }
    guard index < characters.count, characters[index] == "}", !name.isEmpty else { return nil }
    position = index + 1
    return SlotName(name)
  }

  private mutating func comment() throws(DialogueError) {
    let column = position + 1
    while peek() != nil {
      if peek() == "#", peek(1) == "}" {
        position += 2
        return
      }
      position += 1
    }
    throw DialogueError(.template, at: column, "'{#' is not closed", hint: "end it with #}")
  }

  /// The text between the delimiter at the position and its end; `-` beside a delimiter trims white space.
  private mutating func inside(_ end: Character, opening: String, closing: String) throws(DialogueError) -> (
    String, Int
  ) {
    let column = position + 1
    position += 2
    if peek() == "-" { position += 1 }
    let start = position
    var text = ""
    var quote: Character?
    while let character = peek() {
      if quote == nil, character == end, peek(1) == "}" {
        position += 2
        var trims = false
        if text.last == "-" {
          text.removeLast()
          trims = true
        }
        if trims { while peek()?.isWhitespace == true { position += 1 } }
        return (text, start + 1)
      }
      if character == "'" || character == "\"" {
        if quote == nil { quote = character } else if quote == character { quote = nil }
      }
      text.append(character)
      position += 1
    }
    throw DialogueError(.template, at: column, "'\(opening)' is not closed", hint: "end it with \(closing)")
  }

  private mutating func expression() throws(DialogueError) -> TemplateExpression {
    let (text, column) = try inside("}", opening: "{{", closing: "}}")
    return try ExpressionParser.parse(text, column: column)
  }

  private mutating func tag(_ literal: inout String) throws(DialogueError) -> Tag {
    if peek(2) == "-" { while literal.last?.isWhitespace == true { literal.removeLast() } }
    let column = position + 1
    let (text, _) = try inside("%", opening: "{%", closing: "%}")
    let trimmed = text.drop { $0.isWhitespace }
    let word = trimmed.prefix { !$0.isWhitespace }
    return .word(String(word), rest: String(trimmed.dropFirst(word.count)), column: column)
  }

  private mutating func choice(condition: String, column: Int) throws(DialogueError) -> Template.Piece {
    depth += 1
    defer { depth -= 1 }
    guard depth <= ExpressionParser.deepest else {
      throw DialogueError(
        .template, at: column, "more than \(ExpressionParser.deepest) '{% if %}' within each other",
        hint: "write it flatter, with elif")
    }
    var branches: [TemplateBranch] = []
    var open: TemplateExpression? = try ExpressionParser.parse(condition, column: column)
    while true {
      let sawElse = open == nil
      let inner = try pieces(untilTag: sawElse ? ["endif"] : ["elif", "else", "endif"])
      branches.append(TemplateBranch(condition: open, pieces: inner))
      guard case .word(let word, let rest, let column) = lastTag else { return .choice(branches) }
      switch word {
      case "elif": open = try ExpressionParser.parse(rest, column: column)
      case "else": open = nil
      default: return .choice(branches)
      }
    }
  }
}
