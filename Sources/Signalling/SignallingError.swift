/// The error of this room. It carries no personal data: never a header value, an address or a user part.
public struct SignallingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong, stable across versions.
  public enum Code: String, Hashable, Sendable {
    /// A message or one of its header fields breaks the grammar.
    case malformed
    /// A bound of `SIPLimits` or of the session description is exceeded.
    case tooLarge
    /// A protocol version other than 2.0.
    case unsupportedVersion
    /// A mandatory header field is missing.
    case missingField
    /// A field that may occur once occurs several times.
    case duplicateField
    /// The session description breaks the grammar.
    case badSessionDescription
    /// No media stream of the offer can be accepted (RFC 3264 section 6).
    case notAcceptable
    /// The answer does not fit the offer.
    case answerMismatch
    /// A stream lost its framing; its connection must be closed.
    case lostFraming
  }
  /// What went wrong.
  public var code: Code
  /// One English sentence for logs.
  public var message: String
  /// Whether the same input may succeed later. Parsing errors never do.
  public var isRetryable: Bool { false }

  /// An error with its code and a message without personal data.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { "signalling.\(code.rawValue): \(message)" }
}
