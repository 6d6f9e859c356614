/// A text with places to fill: what responses say and what some predicates are made from.
public struct Template: Hashable, Sendable, Codable {
  /// The pieces in order.
  public let pieces: [Piece]
  /// A template from its pieces.
  public init(pieces: [Piece]) { self.pieces = pieces }
  /// A template that is plain text.
  public init(text: String) { self.init(pieces: [.literal(text)]) }

  /// One piece of a template.
  public enum Piece: Hashable, Sendable, Codable {
    /// Words as they stand.
    case literal(String)
    /// `{slot}`: the slot's value, in the spoken form of its slot.
    case slot(SlotName)
    /// `{{ ... }}`: an expression over `slots`, `context` and `value`.
    case expression(TemplateExpression)
    /// `{% if %} ... {% elif %} ... {% else %} ... {% endif %}`; a nil condition is the `else`.
    case choice([TemplateBranch])
  }
}

/// One arm of a conditional piece.
public struct TemplateBranch: Hashable, Sendable, Codable {
  /// When it applies; nil for `else`.
  public let condition: TemplateExpression?
  /// What it says.
  public let pieces: [Template.Piece]
  /// An arm.
  public init(condition: TemplateExpression?, pieces: [Template.Piece]) {
    self.condition = condition
    self.pieces = pieces
  }
}

/// The subset of Jinja expressions that flow files use.
public indirect enum TemplateExpression: Hashable, Sendable, Codable {
  /// A dotted path: `slots.name`, `context.reason`, `value`.
  case path([String])
  /// A literal; nil is `none`.
  case literal(SlotValue?)
  /// `x | filter(arguments)`: `default`, `join`, `upper`, `lower`, `length`, `capitalize`, `trim`.
  case filter(TemplateExpression, String, [TemplateExpression])
  /// `x.keys()` or `x.values()`.
  case method(TemplateExpression, String)
  /// A comparison.
  case compare(TemplateExpression, Comparison, TemplateExpression)
  /// `x in y`.
  case isIn(TemplateExpression, TemplateExpression)
  /// Not.
  case not(TemplateExpression)
  /// All of them.
  case all([TemplateExpression])
  /// Any of them.
  case any([TemplateExpression])
  /// `a if condition else b`.
  case conditional(TemplateExpression, condition: TemplateExpression, otherwise: TemplateExpression?)
}
