import Core

/// All that an engine remembers between two inputs.
struct DialogueState: Hashable, Sendable {
  var stack: [Frame] = []
  var slots: [SlotName: SlotState] = [:]
  var waiting = Waiting.caller(ListenPlan())
  var context = UnderstandingContext()
  var hasBegun = false
  var turn = TurnNumber(0)
  var activation = FlowActivation(0)
  var effect = EffectID(0)
  var random: UInt64
  /// What the caller said while an effect was under way.
  var deferred: [ProposedCommand] = []
  /// What was said in this turn, and in the one before.
  var said: [Said] = []
  var saidBefore: [Said] = []
  var outcome = Outcome()
  /// The journey whose end is still to be followed by `pattern_completed`.
  var completed: Int?
  /// Whether the last words were the question whether there is anything else.
  var asksForMore = false
  /// How often in a row nothing was understood, over the call.
  var noMatch = 0
  /// How often the call was handed to a person, or tried to be.
  var escalations = 0
  /// Whether a person was tried because nothing was understood, and nothing was since.
  var wasHandedOverInVain = false
  /// What journeys under way have changed and could undo, the latest last.
  var changes: [UndoableChange] = []
  /// The tool that undoes a change, while it runs.
  var compensating: ActionName?
  /// The author's idempotency key of the tool under way.
  var keyInHand: [SlotValue]?
  /// How often a request of such a key surely did not happen: the next one is another.
  var failedRequests: [[SlotValue]: Int] = [:]
  /// Whether what callers say is not understood, because an engine fails: then keys have to do.
  var isDeaf = false
  /// Whether the turn came by key.
  var wasKeyed = false
  /// Whether this turn has told about keys.
  var toldKeys = false
  /// How often in a row the caller was asked which journey is meant.
  var clarifications = 0
  /// Values given while the caller is asked which journey is meant: the one that is chosen takes them.
  var offered: [SlotChange] = []
  /// What became of the last change that was asked for.
  var lastChange: LastChange?
  /// Whether the caller has hung up; what still runs is silent.
  var isGone = false

  struct Said: Hashable, Sendable {
    var sentences: [Sentence]
    var policy: InterruptionPolicy
    /// What the buttons send that were shown with it.
    var payloads: [String] = []
    /// Whether a change was made in the turn that said it.
    var tellsChange = false
  }

  /// A change, and the journey that asked for it.
  struct LastChange: Hashable, Sendable {
    var flow: Int
    var activation: FlowActivation
    /// The turn in which it ended.
    var turn: TurnNumber
    var result: Result

    enum Result: String, Sendable {
      case done, failed, unknown
    }
  }

  /// What happened in the turn, from which its ending follows.
  struct Outcome: Hashable, Sendable {
    var escalated = false
    var clarified = false
    var asked = false
    var isGuidance = false

    var ending: TurnEnding { escalated ? .escalate : clarified ? .clarify : asked ? .ask : .fulfil }
  }

  /// A number below `bound`, from the seed (SplitMix64).
  mutating func draw(below bound: Int) -> Int {
    random &+= 0x9E37_79B9_7F4A_7C15
    var mixed = random
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    mixed ^= mixed >> 31
    return Int(mixed % UInt64(max(1, bound)))
  }
}
