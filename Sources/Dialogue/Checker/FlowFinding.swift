public import Core

/// Something about an assistant's flows that its author should know.
public struct FlowFinding: Hashable, Sendable, CustomStringConvertible {
  /// Stable, such as `flow.unknown_step`.
  public let code: String
  /// What is wrong and what would be right.
  public let message: String
  /// Where it is written.
  public let source: SourceLocation
  /// How bad it is.
  public let severity: Severity
  /// The flow; nil for findings about responses.
  public let flow: FlowID?
  /// The step; nil when it is about the whole flow.
  public let step: StepID?
  /// What to do; nil when the message says it.
  public let remedy: String?
  /// The shortest dialogue that leads there; empty when none is needed to see it.
  public let dialogue: [WitnessTurn]

  /// A finding.
  init(
    code: String, message: String, source: SourceLocation, severity: Severity, flow: FlowID?, step: StepID?,
    remedy: String? = nil, dialogue: [WitnessTurn] = []
  ) {
    self.code = code
    self.message = message
    self.source = source
    self.severity = severity
    self.flow = flow
    self.step = step
    self.remedy = remedy
    self.dialogue = dialogue
  }

  /// How bad it is.
  public enum Severity: String, Hashable, Sendable, Comparable {
    /// Works, but hardly as meant.
    case warning
    /// Must not be published.
    case error

    /// Warnings before errors.
    public static func < (left: Self, right: Self) -> Bool { left == .warning && right == .error }
  }

  /// `file:line:column: severity: message [code]`.
  public var description: String { "\(source): \(severity.rawValue): \(message) [\(code)]" }
}
