/// The error of this room. It carries no personal data: names of engines, files and tensors only.
public struct InferenceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong, stable across versions.
  public enum Code: String, Hashable, Sendable {
    /// The pack, or one engine of it, is not installed.
    case engineMissing
    /// An engine's record or one of its files is not what it should be.
    case engineDamaged
    /// ONNX Runtime cannot be opened.
    case runtimeUnusable
    /// A model file cannot be loaded.
    case modelUnusable
    /// A run failed inside the runtime.
    case runFailed
    /// A tensor has another type or shape than was asked for.
    case wrongTensor
    /// The queue is full and the work was the least urgent; or a newer partial took its place.
    case dropped
    /// A partial gave way to more urgent work.
    case preempted
    /// The deadline passed before the work was done.
    case deadlineExceeded
    /// The waiting task was cancelled.
    case cancelled
    /// The pool was shut down.
    case closed
  }

  /// What went wrong.
  public var code: Code
  /// One English sentence for logs, with what to do where something can be done.
  public var message: String

  /// Whether the same work may succeed when tried again later.
  public var isRetryable: Bool {
    switch code {
    case .dropped, .preempted, .deadlineExceeded, .runFailed: true
    case .engineMissing, .engineDamaged, .runtimeUnusable, .modelUnusable, .wrongTensor, .cancelled, .closed: false
    }
  }

  /// An error with its code and a message without personal data.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { "inference.\(code.rawValue): \(message)" }
}
