import Core

extension Predicate {
  /// The slots it asks about; templates inside are not looked into.
  var slots: Set<SlotName> {
    switch self {
    case .literal: []
    case .not(let inner): inner.slots
    case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.slots) }
    case .compare(let left, _, let right), .contains(let left, let right): left.slots.union(right.slots)
    case .matches(let operand, _), .truthy(let operand): operand.slots
    }
  }
}

extension Operand {
  fileprivate var slots: Set<SlotName> {
    switch self {
    case .slot(let name), .provenance(let name, _): [name]
    default: []
    }
  }
}

extension Template {
  /// The slots it says or asks about.
  var slots: Set<SlotName> { pieces.reduce(into: []) { $0.formUnion($1.slots) } }
}

extension Template.Piece {
  fileprivate var slots: Set<SlotName> {
    switch self {
    case .literal: []
    case .slot(let name): [name]
    case .expression(let expression): expression.slots
    case .choice(let branches):
      branches.reduce(into: []) { found, branch in
        found.formUnion(branch.condition?.slots ?? [])
        for piece in branch.pieces { found.formUnion(piece.slots) }
      }
    }
  }
}

extension TemplateExpression {
  fileprivate var slots: Set<SlotName> {
    switch self {
    case .path(let parts): parts.count >= 2 && parts[0] == "slots" ? [SlotName(parts[1])] : []
    case .literal: []
    case .filter(let inner, _, let arguments): arguments.reduce(into: inner.slots) { $0.formUnion($1.slots) }
    case .method(let inner, _), .not(let inner): inner.slots
    case .compare(let left, _, let right), .isIn(let left, let right): left.slots.union(right.slots)
    case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.slots) }
    case .conditional(let value, let condition, let otherwise):
      value.slots.union(condition.slots).union(otherwise?.slots ?? [])
    }
  }
}

extension SlotType {
  /// As authors write it.
  var authorName: String {
    switch self {
    case .text: "text"
    case .bool: "bool"
    case .categorical(let values): "categorical (\(values.joined(separator: ", ")))"
    case .float: "float"
    case .list: "list"
    case .any: "any"
    }
  }
}

extension SlotValue {
  /// Whether a literal of a flow may stand in a slot of this type.
  func fits(_ type: SlotType) -> Bool {
    switch (self, type) {
    case (_, .any), (_, .text): if case .list = self { type == .any } else { true }
    case (.bool, .bool), (.list, .list): true
    case (.text(let text), .categorical(let values)): values.contains { $0.lowercased() == text.lowercased() }
    case (.number(let number), .float(let minimum, let maximum)):
      number >= minimum ?? number && number <= maximum ?? number
    case (.number, .categorical(let values)): values.contains { $0 == revealedText }
    default: false
    }
  }
}

extension JSONType {
  /// Whether a field of an answer may fill a slot of this type.
  func fits(_ type: SlotType) -> Bool {
    switch (self, type) {
    case (_, .any): true
    case (.array, let type): type == .list
    case (_, .text): true
    case (.string, .categorical), (.boolean, .bool), (.integer, .float), (.number, .float): true
    default: false
    }
  }
}
