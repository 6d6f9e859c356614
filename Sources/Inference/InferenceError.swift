public import Core

/// The error of this room. It carries no personal data: names of engines, files and tensors only.
public struct InferenceError: CodedError, Hashable {
  /// What went wrong.
  public enum Kind: String, Hashable, Sendable {
    /// The pack, or one engine of it, is not installed.
    case engineMissing = "engine_missing"
    /// An engine's record or one of its files is not what it should be.
    case engineDamaged = "engine_damaged"
    /// ONNX Runtime cannot be opened.
    case runtimeUnusable = "runtime_unusable"
    /// A model file cannot be loaded, or is another model than was asked for.
    case modelUnusable = "model_unusable"
    /// A run failed inside the runtime.
    case runFailed = "run_failed"
    /// A tensor has another type or shape than was asked for.
    case wrongTensor = "wrong_tensor"
    /// The queue is full and the work was the least urgent; or a newer partial took its place.
    case dropped
    /// A partial gave way to more urgent work.
    case preempted
    /// The deadline passed before the work was done.
    case deadlineExceeded = "deadline_exceeded"
    /// The waiting task was cancelled.
    case cancelled
    /// The pool was shut down.
    case closed
  }

  /// What went wrong.
  public let kind: Kind
  public let message: String

  public var code: String { "inference." + kind.rawValue }

  public var hint: String? {
    switch kind {
    case .engineMissing, .runtimeUnusable: "Run: make pack"
    case .engineDamaged, .modelUnusable: "Remove the engine's folder and run: make pack"
    case .dropped, .deadlineExceeded: "More inference threads, fewer calls, or a lighter recogniser"
    case .runFailed, .wrongTensor, .preempted, .cancelled, .closed: nil
    }
  }

  public var isRetryable: Bool {
    switch kind {
    case .dropped, .preempted, .deadlineExceeded, .runFailed: true
    case .engineMissing, .engineDamaged, .runtimeUnusable, .modelUnusable, .wrongTensor, .cancelled, .closed: false
    }
  }

  /// An error with a message without personal data.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}
