import Core

/// A slot and what the caller says it is.
struct SlotChange: Hashable {
  var slot: SlotName
  /// Nil takes the value back.
  var value: SlotValue?
  var source: SlotSource
  var confidence: Confidence
  /// What the value may have been besides, likeliest first.
  var others: [SlotValue] = []
}

/// What is left of a turn's commands once those that cannot be were dropped.
struct TurnPlan {
  var sets: [SlotChange] = []
  var corrections: [SlotChange] = []
  var cancels = false
  /// Journeys to start, in the order mentioned.
  var starts: [Int] = []
  /// An interrupted journey to go back to.
  var resumes: Int?
  /// Journeys among which the caller is to choose.
  var options: [Int] = []
  /// What else is asked for.
  var tail: Tail?
  /// A value that does not fit the slot asked for.
  var mistyped: (slot: SlotName, response: ResponseName)?
  /// Digits of the slot asked for that are too few or too many.
  var part: Frame.Part?
  /// Whether the caller named what is under way already.
  var goesOn = false
  /// Whether the clarification that is open was answered with no.
  var refusesOptions = false
  /// Why nothing was understood, as understanding says.
  var reason: CannotHandleReason?

  enum Tail: Comparable {
    case chitchat, search, hold, skip, again, help, goodbye, handoff, restart
    case aside(Aside)
    /// What was done is to be taken back, and no journey does that.
    case stays

    static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    /// The order of precedence, the weakest first.
    private var rank: Int {
      switch self {
      case .chitchat: 0
      case .aside, .stays: 1
      case .search: 2
      case .hold: 3
      case .skip: 4
      case .again: 5
      case .help: 6
      case .goodbye: 7
      case .handoff: 8
      case .restart: 9
      }
    }

    /// Whether it may have been guessed from any words.
    var isTalk: Bool {
      switch self {
      case .chitchat, .aside: true
      default: false
      }
    }

    /// Whether it may stand beside a value, a start or a cancellation in one turn.
    var joinsOthers: Bool { self == .handoff || self == .search || self == .restart || self == .aside(.limits) }
  }

  /// Whether the turn changes or starts something.
  var acts: Bool {
    !sets.isEmpty || !corrections.isEmpty || cancels || !starts.isEmpty || resumes != nil || goesOn
  }

  var isUsable: Bool { acts || !options.isEmpty || tail != nil || mistyped != nil || part != nil }
}
