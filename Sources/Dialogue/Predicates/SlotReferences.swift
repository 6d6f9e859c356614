import Core

extension Predicate {
  /// Slots a condition names, each once, in order.
  var slots: [SlotName] {
    var found: [SlotName] = []
    collect(&found)
    return found
  }

  private func collect(_ found: inout [SlotName]) {
    switch self {
    case .literal: break
    case .not(let inner): inner.collect(&found)
    case .all(let parts), .any(let parts): for part in parts { part.collect(&found) }
    case .compare(let left, _, let right), .contains(let left, let right):
      left.collect(&found)
      right.collect(&found)
    case .matches(let operand, _), .truthy(let operand): operand.collect(&found)
    }
  }
}

extension Operand {
  fileprivate func collect(_ found: inout [SlotName]) {
    switch self {
    case .slot(let name), .provenance(let name, _): if !found.contains(name) { found.append(name) }
    case .template(let template): for name in template.slots where !found.contains(name) { found.append(name) }
    case .context, .literal, .set: break
    }
  }
}

extension Template {
  /// Slots a text names, each once, in order.
  var slots: [SlotName] {
    var found: [SlotName] = []
    Self.collect(pieces, &found)
    return found
  }

  private static func collect(_ pieces: [Piece], _ found: inout [SlotName]) {
    for piece in pieces {
      switch piece {
      case .literal: break
      case .slot(let name): if !found.contains(name) { found.append(name) }
      case .expression(let expression): expression.collect(&found)
      case .choice(let branches):
        for branch in branches {
          branch.condition?.collect(&found)
          collect(branch.pieces, &found)
        }
      }
    }
  }
}

extension TemplateExpression {
  fileprivate func collect(_ found: inout [SlotName]) {
    switch self {
    case .path(let path):
      guard path.count == 2, path[0] == "slots" else { return }
      let name = SlotName(path[1])
      if !found.contains(name) { found.append(name) }
    case .literal: break
    case .filter(let inner, _, let arguments):
      inner.collect(&found)
      for argument in arguments { argument.collect(&found) }
    case .method(let inner, _), .not(let inner): inner.collect(&found)
    case .compare(let left, _, let right), .isIn(let left, let right):
      left.collect(&found)
      right.collect(&found)
    case .all(let parts), .any(let parts): for part in parts { part.collect(&found) }
    case .conditional(let value, let condition, let otherwise):
      value.collect(&found)
      condition.collect(&found)
      otherwise?.collect(&found)
    }
  }
}
