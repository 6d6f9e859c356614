import Core

/// What an expression gives.
enum ExpressionResult {
  case plain(ContextValue)
  /// Several values with words between them.
  case joined([ContextValue], separator: String)
}

extension Scope {
  /// The value of an expression; nil for none.
  func evaluate(_ expression: TemplateExpression, _ inquiry: inout Inquiry) -> ExpressionResult? {
    switch expression {
    case .path(let path): return value(at: path).map { .plain($0) }
    case .literal(let value): return value.map { .plain(.value($0, nil)) }
    case .filter(let inner, let filter, let arguments):
      return apply(filter, to: evaluate(inner, &inquiry), arguments, &inquiry)
    case .method(let inner, let method):
      guard case .plain(.map(let entries))? = evaluate(inner, &inquiry) else { return nil }
      return .plain(.list(method == "keys" ? entries.map { .text($0.key) } : entries.compactMap(\.value)))
    case .compare, .isIn, .not, .all:
      return .plain(.bool(isTrue(expression, &inquiry)))
    case .any(let parts):
      // As in Python: the first part that holds is the value.
      for part in parts.dropLast() where isTrue(part, &inquiry) { return evaluate(part, &inquiry) }
      return parts.last.flatMap { evaluate($0, &inquiry) }
    case .conditional(let value, let condition, let otherwise):
      if isTrue(condition, &inquiry) { return evaluate(value, &inquiry) }
      return otherwise.flatMap { evaluate($0, &inquiry) }
    }
  }

  /// Whether an expression holds.
  func isTrue(_ expression: TemplateExpression, _ inquiry: inout Inquiry) -> Bool {
    switch expression {
    case .not(let inner): return !isTrue(inner, &inquiry)
    case .all(let parts):
      for part in parts where !isTrue(part, &inquiry) { return false }
      return true
    case .any(let parts):
      for part in parts where isTrue(part, &inquiry) { return true }
      return false
    case .compare(let left, let comparison, let right):
      return holds(.compare(operand(left, &inquiry), comparison, operand(right, &inquiry)), &inquiry)
    case .isIn(let element, let container):
      return holds(.contains(operand(container, &inquiry), operand(element, &inquiry)), &inquiry)
    default:
      switch evaluate(expression, &inquiry) {
      case nil: return false
      case .joined(let elements, _): return !elements.isEmpty
      case .plain(.value(let value, _)): return Comparing.isTruthy(value)
      case .plain(.list(let values)): return !values.isEmpty
      case .plain(.map(let entries)): return !entries.isEmpty
      }
    }
  }

  /// Paths stay paths, so that questions about a caller's value name its slot.
  private func operand(_ expression: TemplateExpression, _ inquiry: inout Inquiry) -> Operand {
    if case .path(let path) = expression {
      if path.count == 2, path[0] == "slots" { return .slot(SlotName(path[1])) }
      if path.count > 1, path[0] == "context" { return .context(path.dropFirst().joined(separator: ".")) }
      if path.count == 1, path[0] != "value", slots[SlotName(path[0])] != nil { return .slot(SlotName(path[0])) }
    }
    guard case .plain(let value)? = evaluate(expression, &inquiry) else { return .literal(nil) }
    if case .map(let entries) = value { return .set(entries.map { .text($0.key) }) }
    return .literal(value.slotValue)
  }

  private func value(at path: [String]) -> ContextValue? {
    switch path.first {
    case "slots" where path.count == 2: return slot(SlotName(path[1]))
    case "context" where path.count > 1: return context(path: path.dropFirst())
    case "value" where path.count == 1: return value
    case let name? where path.count == 1: return slot(SlotName(name)) ?? context(name)
    default: return nil
    }
  }

  private func slot(_ name: SlotName) -> ContextValue? {
    slots[name].map { .value($0.value, program.slots[name]?.grammar) }
  }

  private func apply(
    _ filter: String, to input: ExpressionResult?, _ arguments: [TemplateExpression], _ inquiry: inout Inquiry
  ) -> ExpressionResult? {
    if filter == "default" {
      guard input == nil else { return input }
      return arguments.first.flatMap { evaluate($0, &inquiry) }
    }
    guard case .plain(let value)? = input else { return input }
    switch filter {
    case "join":
      var separator = ""
      if let argument = arguments.first, case .plain(.value(.text(let text), _))? = evaluate(argument, &inquiry) {
        separator = text
      }
      return .joined(elements(of: value), separator: separator)
    case "length":
      if case .value(.text(let text), _) = value { return .plain(.number(text.count)) }
      return .plain(.number(elements(of: value).count))
    case "list": return .plain(.list(elements(of: value)))
    default: return .plain(changed(value, by: filter))
    }
  }

  private func elements(of value: ContextValue) -> [ContextValue] {
    switch value {
    case .list(let values): values
    case .map(let entries): entries.map { .text($0.key) }
    case .value(.list(let values), let grammar): values.map { .value($0, grammar) }
    case .value: [value]
    }
  }

  /// Letters changed; a caller's value stays as it is, behind its token.
  private func changed(_ value: ContextValue, by filter: String) -> ContextValue {
    guard case .value(.text(let text), _) = value else { return value }
    switch filter {
    case "upper": return .text(text.uppercased())
    case "lower": return .text(text.lowercased())
    case "capitalize": return .text(text.prefix(1).uppercased() + text.dropFirst().lowercased())
    case "title":
      let words = text.split(separator: " ", omittingEmptySubsequences: false)
      return .text(words.map { $0.prefix(1).uppercased() + $0.dropFirst().lowercased() }.joined(separator: " "))
    case "trim":
      let body = text.drop { $0.isWhitespace }
      return .text(String(body.reversed().drop { $0.isWhitespace }.reversed()))
    default: return value
    }
  }
}
