/// A condition over slots and context, as flows write it in `if:`.
public indirect enum Predicate: Hashable, Sendable, Codable {
  /// Always or never.
  case literal(Bool)
  /// Not.
  case not(Predicate)
  /// All of them.
  case all([Predicate])
  /// Any of them.
  case any([Predicate])
  /// Two operands compared.
  case compare(Operand, Comparison, Operand)
  /// A text or list on the left holds what is on the right.
  case contains(Operand, Operand)
  /// A text matches a regular expression.
  case matches(Operand, pattern: String)
  /// A bare operand: true when it holds something that is neither false, empty nor zero.
  case truthy(Operand)
}

/// One side of a comparison.
public enum Operand: Hashable, Sendable, Codable {
  /// `slots.name`.
  case slot(SlotName)
  /// `context.path`, of the pattern frame on top.
  case context(String)
  /// `meta.slot.confidence` and its like: how a slot came to its value.
  case provenance(SlotName, SlotProperty)
  /// A literal; nil is `null`, `undefined`, `empty`.
  case literal(SlotValue?)
  /// `{'a' 'b'}`.
  case set([SlotValue])
  /// A string that is a template first and parsed second.
  case template(Template)
}

/// How a slot came to its value.
public enum SlotProperty: String, Hashable, Sendable, Codable {
  /// Thousandths of certainty, compared as a number from 0 to 1.
  case confidence
  /// `speech`, `dtmf`, `text`, `action` or `flow`.
  case source
}

/// How two operands are compared.
public enum Comparison: String, Hashable, Sendable, Codable {
  case equal = "="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
}
