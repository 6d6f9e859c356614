public import Core

/// The error of this room. The frame path never throws; files, rates and set-up do.
public struct AudioError: CodedError, Hashable {
  /// What went wrong, stable across versions.
  public enum Kind: String, Hashable, Sendable {
    /// Not a RIFF/WAVE file, or its chunks contradict each other.
    case malformed
    /// A bound is exceeded.
    case tooLarge = "too_large"
    /// A coding, rate or number of channels that this room does not know.
    case unsupported
    /// A sample rate outside 1 to 192,000 hertz.
    case badRate = "bad_rate"
    /// The resampler could not be set up.
    case engine
  }

  /// What went wrong.
  public let kind: Kind
  public let message: String

  /// An error with its kind and a message without personal data.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  public var code: String { "audio.\(kind.rawValue)" }
  public var hint: String? {
    switch kind {
    case .malformed: "Write the file anew as a WAV file"
    case .tooLarge: "Cut the audio into shorter pieces"
    case .unsupported: "Use 16-bit PCM, A-law or mu-law, one or two channels, 8 to 48 kHz"
    case .badRate: "Use a rate between 8,000 and 48,000 hertz"
    case .engine: nil
    }
  }
  /// Never: the same input gives the same error.
  public var isRetryable: Bool { false }
}
