import Core

/// Cuts a condition into tokens. Columns count characters from 1.
struct PredicateLexer {
  /// A piece of a condition.
  enum Token: Hashable {
    case word(String)
    case string(String)
    case number(Double)
    case symbol(String)
    case open, close, openSet, closeSet, comma
    /// A word or quoted string that holds `{{ ... }}`, quotes kept.
    case template(String)
    case end
  }
  struct Placed {
    var token: Token
    var column: Int
  }

  private let characters: [Character]
  private var position = 0

  private init(_ text: String) { characters = Array(text) }

  static func tokens(of text: String) throws(DialogueError) -> [Placed] {
    var lexer = PredicateLexer(text)
    var found: [Placed] = []
    while true {
      let placed = try lexer.next()
      found.append(placed)
      if placed.token == .end { return found }
    }
  }

  private mutating func next() throws(DialogueError) -> Placed {
    while position < characters.count, characters[position].isWhitespace { position += 1 }
    let column = position + 1
    guard position < characters.count else { return Placed(token: .end, column: column) }
    return Placed(token: try token(at: column), column: column)
  }

  private mutating func token(at column: Int) throws(DialogueError) -> Token {
    let character = characters[position]
    if startsTemplate(position) { return .template(try word(at: column)) }
    switch character {
    case "(": return take(.open)
    case ")": return take(.close)
    case "{": return take(.openSet)
    case "}": return take(.closeSet)
    case ",": return take(.comma)
    case "\"", "'": return try quoted(at: column)
    case "=", "!", "<", ">": return try comparison(at: column)
    default: break
    }
    if character.isNumber || ((character == "-" || character == ".") && peek(1)?.isNumber == true) {
      return try number(at: column)
    }
    guard Self.belongsToWord(character) else {
      throw DialogueError(
        .predicate, at: column, "unexpected '\(character)'",
        hint: "write a slot (slots.name), a value ('text', 3, true, null) or an operator (=, !=, <, and, or, not)")
    }
    let text = try word(at: column)
    return text.contains("{{") ? .template(text) : .word(text)
  }

  private mutating func take(_ token: Token) -> Token {
    position += 1
    return token
  }

  private func peek(_ offset: Int) -> Character? {
    position + offset < characters.count ? characters[position + offset] : nil
  }

  private func startsTemplate(_ index: Int) -> Bool {
    index + 1 < characters.count && characters[index] == "{" && characters[index + 1] == "{"
  }

  static func belongsToWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_" || character == "." || character == "-"
  }

  private mutating func word(at column: Int) throws(DialogueError) -> String {
    var text = ""
    while position < characters.count {
      if startsTemplate(position) {
        text += try templatePart(at: column)
      } else if Self.belongsToWord(characters[position]) {
        text.append(characters[position])
        position += 1
      } else {
        break
      }
    }
    return text
  }

  private mutating func templatePart(at column: Int) throws(DialogueError) -> String {
    var text = ""
    while position < characters.count {
      if characters[position] == "}", peek(1) == "}" {
        position += 2
        return text + "}}"
      }
      text.append(characters[position])
      position += 1
    }
    throw DialogueError(.predicate, at: column, "'{{' is not closed", hint: "write {{context.name}}")
  }

  private mutating func quoted(at column: Int) throws(DialogueError) -> Token {
    let quote = characters[position]
    position += 1
    var text = ""
    while position < characters.count, characters[position] != quote {
      // A backslash escapes the quote only; in regular expressions all other backslashes belong to the pattern.
      if characters[position] == "\\", peek(1) == quote { position += 1 }
      text.append(characters[position])
      position += 1
    }
    guard position < characters.count else {
      throw DialogueError(.predicate, at: column, "the text is not closed", hint: "end it with \(quote)")
    }
    position += 1
    return text.contains("{{") ? .template("\(quote)\(text)\(quote)") : .string(text)
  }

  private mutating func number(at column: Int) throws(DialogueError) -> Token {
    var text = String(characters[position])
    position += 1
    while let character = peek(0), Self.belongsToWord(character) {
      text.append(character)
      position += 1
    }
    guard let value = Double(text), value.isFinite else {
      throw DialogueError(
        .predicate, at: column, "'\(text)' is no number", hint: "put texts into quotes: '\(text)'")
    }
    return .number(value)
  }

  private mutating func comparison(at column: Int) throws(DialogueError) -> Token {
    var text = String(characters[position])
    position += 1
    if peek(0) == "=" {
      text += "="
      position += 1
    }
    guard ["=", "==", "!=", "<", "<=", ">", ">="].contains(text) else {
      throw DialogueError(.predicate, at: column, "'\(text)' is no operator", hint: "write != or not")
    }
    return .symbol(text == "==" ? "=" : text)
  }
}
