public import Core
import Synchronization

/// What an engine does, told while it does it: for tests and their coverage, never for a running call's journal.
///
/// It has no say in any decision. Holds callers' values, so it stays within the process. Safe from any isolation; engines that
/// share an assistant share its trace.
public final class EngineTrace: Sendable {
  private let lines = Mutex<[Line]>([])

  /// One thing that happened.
  public enum Line: Hashable, Sendable {
    /// A step began to run.
    case entered(StepReference)
    /// A step was left by this one of its branches; nil: by none, to the step after it or the end.
    case left(StepReference, branch: Int?)
    /// A slot holds this now; nil: nothing, or again what it held at first.
    case changed(SlotName, SlotValue?)
    /// Something was decided.
    case decided(Decision)
  }

  /// An empty trace.
  public init() {}

  /// What happened since the last time this was asked, in order.
  public func take() -> [Line] {
    lines.withLock { lines in
      defer { lines = [] }
      return lines
    }
  }

  func add(_ line: Line) { lines.withLock { $0.append(line) } }
}
