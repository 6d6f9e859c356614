import Core

/// Conditions as one canonical text, for decisions people read and for questions about sensitive values.
enum PredicateText {
  static func text(_ predicate: Predicate) -> String {
    switch predicate {
    case .literal(let value): value ? "true" : "false"
    case .not(let inner): "not " + grouped(inner)
    case .all(let parts): parts.map(grouped).joined(separator: " and ")
    case .any(let parts): parts.map(grouped).joined(separator: " or ")
    case .compare(let left, let comparison, let right): "\(text(left)) \(comparison.rawValue) \(text(right))"
    case .contains(let left, let right): "\(text(left)) contains \(text(right))"
    case .matches(let left, let pattern): "\(text(left)) matches \(pattern)"
    case .truthy(let operand): text(operand)
    }
  }

  private static func grouped(_ predicate: Predicate) -> String {
    switch predicate {
    case .all, .any: "(" + text(predicate) + ")"
    default: text(predicate)
    }
  }

  static func text(_ operand: Operand) -> String {
    switch operand {
    case .slot(let name): "slots.\(name)"
    case .context(let path): "context.\(path)"
    case .provenance(let name, let property): "meta.\(name).\(property.rawValue)"
    case .literal(let value): literal(value)
    case .set(let values): "{" + values.map { literal($0) }.joined(separator: " ") + "}"
    case .template: "{{...}}"
    }
  }

  /// A value as an author would write it; a sensitive one by its token.
  static func literal(_ value: SlotValue?) -> String {
    switch value {
    case nil: "null"
    case .text(let text): "'\(text)'"
    case .sensitive(let sensitive): "<\(sensitive.token.id)>"
    case .list(let values): "{" + values.map { literal($0) }.joined(separator: " ") + "}"
    case .some(let value): value.description
    }
  }
}
