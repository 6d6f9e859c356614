public import Core

/// A flow on the engine's stack, for traces and summaries.
public struct FrameSummary: Hashable, Sendable {
  /// The flow.
  public let flow: FlowID
  /// The step it is at.
  public let step: StepID
  /// How it came there.
  public let kind: Kind
  /// Which entry of the flow it is.
  public let activation: FlowActivation

  /// How a flow came onto the stack.
  public enum Kind: String, Hashable, Sendable {
    /// Started with nothing under way.
    case plain
    /// Started while another was under way.
    case interrupt
    /// Called by the flow below it.
    case call
    /// Took the place of a flow that ended with a link.
    case link
    /// A repair pattern.
    case pattern
  }
}
