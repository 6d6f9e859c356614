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

  /// How bad a finding is.
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
