import Core

/// Reads the subset of Jinja expressions that flow files use.
struct ExpressionParser {
  private enum Token: Hashable {
    case name(String)
    case text(String)
    case number(Double)
    case symbol(String)
    case end
  }

  private var tokens: [(token: Token, column: Int)] = []
  private var position = 0

  /// Filters that are understood.
  static let filters: Set<String> = [
    "default", "d", "join", "upper", "lower", "length", "capitalize", "trim", "list", "title", "string",
  ]

  static func parse(_ text: String, column: Int) throws(DialogueError) -> TemplateExpression {
    var parser = ExpressionParser()
    try parser.cut(text, column: column)
    let expression = try parser.conditional()
    guard parser.current == .end else {
      throw parser.failure("'\(parser.describe(parser.current))' does not belong here")
    }
    return expression
  }

  private mutating func cut(_ text: String, column: Int) throws(DialogueError) {
    let characters = Array(text)
    var index = 0
    while index < characters.count {
      let character = characters[index]
      let place = column + index
      if character.isWhitespace {
        index += 1
      } else if character == "'" || character == "\"" {
        guard let end = characters[(index + 1)...].firstIndex(of: character) else {
          throw DialogueError(.template, at: place, "the text is not closed", hint: "end it with \(character)")
        }
        tokens.append((.text(String(characters[(index + 1)..<end])), place))
        index = end + 1
      } else if character.isNumber {
        let digits = characters[index...].prefix { $0.isNumber || $0 == "." }
        guard let value = Double(String(digits)), value.isFinite else {
          throw DialogueError(.template, at: place, "'\(String(digits))' is no number")
        }
        tokens.append((.number(value), place))
        index += digits.count
      } else if character.isLetter || character == "_" {
        let name = characters[index...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        tokens.append((.name(String(name)), place))
        index += name.count
      } else {
        let two = index + 1 < characters.count ? String(characters[index...(index + 1)]) : ""
        let symbol = ["==", "!=", "<=", ">="].contains(two) ? two : String(character)
        guard ["==", "!=", "<=", ">=", "<", ">", ".", "|", "(", ")", ",", "[", "]", "-", "="].contains(symbol) else {
          throw DialogueError(
            .template, at: place, "'\(symbol)' is not supported in expressions",
            hint: "use slots.name, context.name, filters, comparisons")
        }
        tokens.append((.symbol(symbol), place))
        index += symbol.count
      }
    }
    tokens.append((.end, column + characters.count))
  }

  private var depth = 0
  /// Brackets, negations and choices within each other, so that no expression exhausts the stack.
  static let deepest = 50

  private mutating func descend() throws(DialogueError) {
    depth += 1
    guard depth <= Self.deepest else {
      throw failure("more than \(Self.deepest) brackets, 'not' or 'else' within each other", hint: "write it flatter")
    }
  }

  private var current: Token { tokens[position].token }
  private mutating func advance() { position = min(position + 1, tokens.count - 1) }
  private func failure(_ message: String, hint: String? = nil) -> DialogueError {
    DialogueError(.template, at: tokens[position].column, message, hint: hint)
  }
  private func describe(_ token: Token) -> String {
    switch token {
    case .name(let text), .text(let text), .symbol(let text): text
    case .number(let value): SlotValue.number(value).description
    case .end: "end"
    }
  }
  private mutating func take(_ token: Token) -> Bool {
    guard current == token else { return false }
    advance()
    return true
  }
  private mutating func need(_ symbol: String) throws(DialogueError) {
    guard take(.symbol(symbol)) else { throw failure("'\(symbol)' is missing") }
  }

  private mutating func conditional() throws(DialogueError) -> TemplateExpression {
    try descend()
    defer { depth -= 1 }
    let value = try disjunction()
    guard take(.name("if")) else { return value }
    let condition = try disjunction()
    let otherwise = take(.name("else")) ? try conditional() : nil
    return .conditional(value, condition: condition, otherwise: otherwise)
  }

  private mutating func disjunction() throws(DialogueError) -> TemplateExpression {
    var parts = [try conjunction()]
    while take(.name("or")) { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  private mutating func conjunction() throws(DialogueError) -> TemplateExpression {
    var parts = [try negation()]
    while take(.name("and")) { parts.append(try negation()) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func negation() throws(DialogueError) -> TemplateExpression {
    try descend()
    defer { depth -= 1 }
    if take(.name("not")) { return .not(try negation()) }
    return try comparison()
  }

  private mutating func comparison() throws(DialogueError) -> TemplateExpression {
    let left = try filtered()
    if case .symbol(let symbol) = current, symbol != "=",
      let comparison = Comparison(rawValue: symbol == "==" ? "=" : symbol)
    {
      advance()
      return .compare(left, comparison, try filtered())
    }
    if take(.name("in")) { return .isIn(left, try filtered()) }
    if current == .name("not"), position + 1 < tokens.count, tokens[position + 1].token == .name("in") {
      advance()
      advance()
      return .not(.isIn(left, try filtered()))
    }
    guard take(.name("is")) else { return left }
    let isNegated = take(.name("not"))
    guard case .name(let test) = current else { throw failure("a test is missing", hint: "write: is none, is defined") }
    advance()
    let isAbsent = TemplateExpression.compare(left, .equal, .literal(nil))
    switch test.lowercased() {
    case "none", "undefined": return isNegated ? .not(isAbsent) : isAbsent
    case "defined": return isNegated ? isAbsent : .not(isAbsent)
    case "true", "false":
      let same = TemplateExpression.compare(left, .equal, .literal(.bool(test.lowercased() == "true")))
      return isNegated ? .not(same) : same
    default: throw failure("'is \(test)' is not supported", hint: "use none, defined, true, false")
    }
  }

  private mutating func filtered() throws(DialogueError) -> TemplateExpression {
    var value = try primary()
    var filters = 0
    while take(.symbol("|")) {
      filters += 1
      guard filters <= Self.deepest else { throw failure("more than \(Self.deepest) filters", hint: "one is enough") }
      guard case .name(let filter) = current, Self.filters.contains(filter) else {
        throw failure(
          "'\(describe(current))' is no filter", hint: "use \(Self.filters.sorted().joined(separator: ", "))")
      }
      advance()
      var arguments: [TemplateExpression] = []
      if take(.symbol("(")) {
        while !take(.symbol(")")) {
          arguments.append(try conditional())
          if current != .symbol(")") { try need(",") }
        }
      }
      value = .filter(value, filter == "d" ? "default" : filter, arguments)
    }
    return value
  }

  private mutating func primary() throws(DialogueError) -> TemplateExpression {
    switch current {
    case .text(let text):
      advance()
      return .literal(.text(text))
    case .number(let value):
      advance()
      return .literal(.number(value))
    case .symbol("-"):
      advance()
      guard case .number(let value) = current else { throw failure("a number is missing after '-'") }
      advance()
      return .literal(.number(-value))
    case .symbol("("):
      advance()
      let inner = try conditional()
      try need(")")
      return inner
    case .name(let name):
      advance()
      switch name.lowercased() {
      case "true", "false": return .literal(.bool(name.lowercased() == "true"))
      case "none", "null": return .literal(nil)
      case "and", "or", "in", "if", "else", "is": throw failure("'\(name)' needs a value before it")
      default: return try path(from: name)
      }
    default: throw failure("a value is missing", hint: "write slots.name or context.name")
    }
  }

  private mutating func path(from name: String) throws(DialogueError) -> TemplateExpression {
    var parts = [name]
    while true {
      if take(.symbol(".")) {
        guard case .name(let part) = current else { throw failure("a name is missing after '.'") }
        advance()
        guard take(.symbol("(")) else {
          parts.append(part)
          continue
        }
        try need(")")
        guard ["keys", "values"].contains(part) else {
          throw failure("'\(part)()' is not supported", hint: "use keys() or values()")
        }
        return .method(.path(parts), part)
      }
      guard take(.symbol("[")) else { return .path(parts) }
      guard case .text(let part) = current else { throw failure("a name in quotes is missing after '['") }
      advance()
      try need("]")
      parts.append(part)
    }
  }
}
