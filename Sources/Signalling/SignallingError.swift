public import Core

/// The error of this room. It carries no personal data: never a header value, an address or a user part.
public struct SignallingError: CodedError, Hashable {
  /// What went wrong, stable across versions.
  public enum Kind: String, Hashable, Sendable {
    /// A message or one of its header fields breaks the grammar.
    case malformed
    /// A bound of `SIPLimits` or of the session description is exceeded.
    case tooLarge = "too_large"
    /// A protocol version other than 2.0.
    case unsupportedVersion = "unsupported_version"
    /// A mandatory header field is missing.
    case missingField = "missing_field"
    /// A field that may occur once occurs several times.
    case duplicateField = "duplicate_field"
    /// The session description breaks the grammar.
    case badSessionDescription = "bad_session_description"
    /// No media stream of the offer can be accepted (RFC 3264 section 6).
    case notAcceptable = "not_acceptable"
    /// The answer does not fit the offer.
    case answerMismatch = "answer_mismatch"
    /// A stream lost its framing; its connection must be closed.
    case lostFraming = "lost_framing"
  }
  /// What went wrong.
  public var kind: Kind
  /// What went wrong, without personal data.
  public var message: String
  /// `signalling.` and the kind.
  public var code: String { "signalling." + kind.rawValue }
  /// Nothing helps: the other side sent it so.
  public var hint: String? { nil }
  /// The same input never succeeds later.
  public var isRetryable: Bool { false }

  /// An error with its code and a message without personal data.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}
