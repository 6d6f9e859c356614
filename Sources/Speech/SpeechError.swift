public import Core

/// The error of this room. It carries no personal data: never what was said or is to be said.
public struct SpeechError: CodedError, Hashable {
  /// What went wrong.
  public enum Kind: String, Hashable, Sendable {
    /// An engine of the pack is of another family than the code that was to run it.
    case wrongEngine = "wrong_engine"
    /// A file of an engine cannot be understood.
    case engineUnusable = "engine_unusable"
    /// The language's front end cannot be loaded.
    case noPronunciation = "no_pronunciation"
    /// An engine gave nothing usable.
    case engineFailed = "engine_failed"
  }

  /// What went wrong.
  public let kind: Kind
  public let message: String

  public var code: String { "speech." + kind.rawValue }

  public var hint: String? {
    switch kind {
    case .wrongEngine: "Name an engine of the right kind in the configuration"
    case .engineUnusable: "Remove the engine's folder and run: make pack"
    case .noPronunciation, .engineFailed: nil
    }
  }

  public var isRetryable: Bool { kind == .engineFailed }

  /// An error with a message without personal data.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}
