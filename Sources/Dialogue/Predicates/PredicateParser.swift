public import Core

/// A condition as it was read, with what its author should know.
public struct ParsedPredicate: Hashable, Sendable {
  /// The condition.
  public let predicate: Predicate
  /// Habits that work but mislead, such as a slot without `slots.`.
  public let warnings: [String]
}

/// Reads conditions as flows write them in `if:`.
///
/// `not`, `and`, `or`, parentheses; `=`, `==`, `!=`, `<`, `<=`, `>`, `>=`, `is`, `is not`; `contains`; `matches "regex"`; sets `{'a' 'b'}`;
/// texts, numbers, `true`, `false`, `null`, `undefined`, `empty`; `slots.x`, `context.x`, `meta.x.confidence`, `meta.x.source`;
/// `{{ ... }}` inside a word or text is filled first and read second. Keywords are written in any case.
public struct PredicateParser {
  private var tokens: [PredicateLexer.Placed]
  private var position = 0
  private var warnings: [String] = []

  /// Reads a condition; throws with the column and what would be right.
  public static func parse(_ text: String) throws(DialogueError) -> ParsedPredicate {
    var parser = PredicateParser(tokens: try PredicateLexer.tokens(of: text))
    guard parser.current != .end else {
      throw DialogueError(.predicate, at: 1, "the condition is empty", hint: "write one, or true")
    }
    let predicate = try parser.disjunction()
    guard parser.current == .end else {
      throw parser.failure(
        "'\(parser.describe(parser.current))' does not belong here", hint: "join conditions with and, or")
    }
    return ParsedPredicate(predicate: predicate, warnings: parser.warnings)
  }

  /// Reads one operand, as a filled template gives it.
  static func operand(_ text: String) throws(DialogueError) -> Operand {
    var parser = PredicateParser(tokens: try PredicateLexer.tokens(of: text))
    let operand = try parser.operand()
    guard parser.current == .end else { throw parser.failure("one value is expected") }
    return operand
  }

  private var depth = 0
  /// Brackets and negations within each other, so that no condition exhausts the stack.
  static let deepest = 50

  private init(tokens: [PredicateLexer.Placed]) { self.tokens = tokens }

  private var current: PredicateLexer.Token { tokens[min(position, tokens.count - 1)].token }

  private mutating func advance() { position = min(position + 1, tokens.count - 1) }

  private func failure(_ message: String, hint: String? = nil) -> DialogueError {
    DialogueError(.predicate, at: tokens[position].column, message, hint: hint)
  }

  private func isKeyword(_ word: String) -> Bool {
    if case .word(let text) = current { return text.lowercased() == word }
    return false
  }

  private mutating func takeKeyword(_ word: String) -> Bool {
    guard isKeyword(word) else { return false }
    advance()
    return true
  }

  private func describe(_ token: PredicateLexer.Token) -> String {
    switch token {
    case .word(let text), .string(let text), .symbol(let text), .template(let text): text
    case .number(let value): SlotValue.number(value).description
    case .open: "("
    case .close: ")"
    case .openSet: "{"
    case .closeSet: "}"
    case .comma: ","
    case .end: "end"
    }
  }

  private mutating func disjunction() throws(DialogueError) -> Predicate {
    var parts = [try conjunction()]
    while takeKeyword("or") { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  private mutating func conjunction() throws(DialogueError) -> Predicate {
    var parts = [try negation()]
    while takeKeyword("and") { parts.append(try negation()) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func negation() throws(DialogueError) -> Predicate {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else {
      throw failure("more than \(Self.deepest) brackets or 'not' within each other", hint: "write it flatter")
    }
    if takeKeyword("not") { return .not(try negation()) }
    guard current == .open else { return try comparison() }
    advance()
    let inner = try disjunction()
    guard current == .close else { throw failure("')' is missing", hint: "close what '(' opened") }
    advance()
    return inner
  }

  private mutating func comparison() throws(DialogueError) -> Predicate {
    let left = try operand()
    if case .symbol(let text) = current, let comparison = Comparison(rawValue: text) {
      advance()
      return .compare(left, comparison, try operand())
    }
    if takeKeyword("is") {
      let comparison: Comparison = takeKeyword("not") ? .notEqual : .equal
      return .compare(left, comparison, try operand())
    }
    if takeKeyword("contains") { return .contains(left, try operand()) }
    if takeKeyword("matches") { return .matches(left, pattern: try pattern()) }
    if isKeyword("not") {
      advance()
      if takeKeyword("contains") { return .not(.contains(left, try operand())) }
      if takeKeyword("matches") { return .not(.matches(left, pattern: try pattern())) }
      throw failure("'not' cannot stand here", hint: "write: not (a = b), a is not b, or a != b")
    }
    if case .literal(.bool(let value)) = left { return .literal(value) }
    return .truthy(left)
  }

  private mutating func pattern() throws(DialogueError) -> String {
    guard case .string(let pattern) = current else {
      throw failure("matches needs a regular expression in quotes", hint: "write: matches \"^[0-9]{8}$\"")
    }
    do throws(TextPatternError) { _ = try TextPattern(pattern) } catch {
      throw failure("'\(pattern)' is no regular expression that can be used: \(error.message)", hint: error.hint)
    }
    advance()
    return pattern
  }

  private mutating func operand() throws(DialogueError) -> Operand {
    let token = current
    switch token {
    case .string(let text):
      advance()
      return .literal(.text(text))
    case .number(let value):
      advance()
      return .literal(.number(value))
    case .template(let text):
      let column = tokens[position].column
      advance()
      do { return .template(try TemplateParser.parse(text)) } catch {
        throw DialogueError(.predicate, at: column + error.column - 1, error.message, hint: error.hint)
      }
    case .openSet:
      return try set()
    case .word(let text):
      let operand = try word(text)
      advance()
      return operand
    default:
      throw failure(
        token == .end ? "the condition ends too early" : "'\(describe(token))' is no value",
        hint: "write slots.name, context.name, 'text', a number, true, false or null")
    }
  }

  private mutating func set() throws(DialogueError) -> Operand {
    advance()
    var values: [SlotValue] = []
    while current != .closeSet {
      if current == .comma {
        advance()
        continue
      }
      guard case .literal(let value?) = try operand() else {
        throw failure("a set holds texts and numbers only", hint: "write {'a' 'b'}")
      }
      values.append(value)
    }
    advance()
    return .set(values)
  }

  private mutating func word(_ text: String) throws(DialogueError) -> Operand {
    switch text.lowercased() {
    case "true": return .literal(.bool(true))
    case "false": return .literal(.bool(false))
    case "null", "undefined", "empty", "none": return .literal(nil)
    case "yes", "no", "on", "off":
      warnings.append("'\(text)' is taken for a slot; write true or false, or '\(text)' in quotes")
    case "and", "or", "not", "is", "contains", "matches":
      throw failure("'\(text)' needs a value before it", hint: "write: slots.name \(text) ...")
    default: break
    }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.allSatisfy({ !$0.isEmpty }) else {
      throw failure("'\(text)' is no name", hint: "write slots.name or context.name")
    }
    switch parts[0] {
    case "slots" where parts.count == 2: return .slot(SlotName(parts[1]))
    case "slots":
      throw failure("'\(text)' names no slot", hint: "write slots.name")
    case "context" where parts.count > 1: return .context(parts.dropFirst().joined(separator: "."))
    case "meta":
      // `meta.name.confidence`, or with the namespace of the slot: `meta.slots.name.confidence`.
      let path = parts.count == 4 && parts[1] == "slots" ? Array(parts.dropFirst(2)) : Array(parts.dropFirst())
      guard path.count == 2, let property = SlotProperty(rawValue: path[1]) else {
        throw failure("'\(text)' is no property of a slot", hint: "write meta.name.confidence or meta.name.source")
      }
      return .provenance(SlotName(path[0]), property)
    default:
      guard parts.count == 1 else {
        throw failure(
          "'\(text)' is in no namespace",
          hint: "write slots.\(parts[parts.count - 1]) or context.\(parts[parts.count - 1])")
      }
      warnings.append("'\(text)' has no namespace; it is taken for slots.\(text)")
      return .slot(SlotName(text))
    }
  }
}
