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
  /// Whether its question read something back and lacked a value.
  var lacksValue = false
  /// What went wrong at the question, when it is one.
  var failures = Failures()
  /// Slots a correction has just set: their step does not clear them although it asks before filling.
  var kept: Set<SlotName> = []

  enum Phase: Hashable, Sendable {
    /// The step is yet to run.
    case enter
    /// A flow above was entered by the step.
    case child
    /// A flow above asks for what the step needs; then it runs again.
    case gate
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
    /// Failures after which the words of the question stay as they were.
    var kept = 0
    var attempt: Int { 1 + noMatch + noInput - kept }
  }

  /// Digits that are held until the rest is said.
  struct Part: Hashable, Sendable {
    let value: SlotValue
    let count: Int
  }

  /// Whether a step of it has run.
  var hasBegun = false
  /// Whether it waits for another journey that was asked for in the same breath.
  var comesNext = false
  /// What its step has asked for already, so that it asks once.
  var asked: Set<Need> = []
  /// A person's word for the tool of its step.
  var approval: Approval?
  /// The question's own response while a menu of keys stands in its place.
  var question: ContextValue?
  /// What has been said so far of the digits it asks for.
  var part: Part?
  /// The other readings its look-up tries.
  var trial: ReadingTrial?
  /// Flows that ended with a link to this pattern: their slots are reset when it ends, so that it can still use them.
  var predecessors: [Int] = []
}
