import Core

/// A flow under way.
struct Frame: Hashable, Sendable {
  /// Index of its flow in the compiled assistant.
  let flow: Int
  var kind: FrameSummary.Kind
  let activation: FlowActivation
  /// Index of the step it is at.
  var cursor = 0
  var phase = Phase.enter
  /// Collect and call steps passed, in order: where a correction can lead back to.
  var trail: [Int] = []
  /// What conditions and texts see as `context`.
  var context: [String: ContextValue] = [:]
  /// The slot a question, a validation or a confirmation is about.
  var subject: SlotName?
  /// What went wrong at the question, when it is one.
  var failures = Failures()
  /// Slots a correction has just set: their step does not clear them although it asks before filling.
  var kept: Set<SlotName> = []

  enum Phase: Hashable, Sendable {
    /// The step is yet to run.
    case enter
    /// A flow above was entered by the step.
    case child
    /// The caller is being listened to.
    case listening
    /// The caller has asked for a moment.
    case holding
    /// An effect is under way.
    case effect(EffectID)
    /// The step is done; what comes next is to be found.
    case leave
  }

  /// Every attempt counts.
  struct Failures: Hashable, Sendable {
    var noMatch = 0
    var noInput = 0
    var attempt: Int { 1 + noMatch + noInput }
  }

  /// Whether a step of it has run.
  var hasBegun = false
  /// Flows that ended with a link to this pattern: their slots are reset when it ends, so that it can still use them.
  var predecessors: [Int] = []
}
