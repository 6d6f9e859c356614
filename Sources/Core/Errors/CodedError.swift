/// An error with a stable code, a message without personal data, and what to do.
///
/// Each room has one error type that conforms; users meet the code in logs, in answers and in documentation.
public protocol CodedError: Error, Sendable, CustomStringConvertible {
  /// Stable, such as `assistant.unknown_key`.
  var code: String { get }
  /// What went wrong, without personal data.
  var message: String { get }
  /// What to do next; nil when nothing helps.
  var hint: String? { get }
  /// Whether trying again may help.
  var isRetryable: Bool { get }
}

extension CodedError {
  /// `message (code). hint`.
  public var description: String {
    "\(message) [\(code)]" + (hint.map { ". \($0)" } ?? "")
  }
}
