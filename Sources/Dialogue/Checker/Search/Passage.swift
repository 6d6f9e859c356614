import Core

/// What happens on the way from one place of a search to the next, as far as a dialogue shows it.
enum WitnessEvent: Hashable, Sendable {
  /// A journey or pattern begins.
  case begins(FlowID)
  /// The caller is identified, or consents, before a flow or tool.
  case identified(Int)
  case consented(ConsentName)
  case asks(CollectStep)
  case says(ResponseName)
  /// A tool; `result` unless a slot holds how it went.
  case runs(ActionName, String)
  case transfers
  case hangsUp
  /// Nothing anybody hears.
  case silent

  /// How many turns of the dialogue it takes.
  var turns: Int {
    switch self {
    case .silent: 0
    case .asks: 2
    default: 1
    }
  }
}

/// What a slot is given or found to hold.
struct SlotNote: Hashable, Sendable {
  let slot: Int
  let values: ValueSet
}

/// One way from a place to the next.
struct Passage: Sendable {
  var event: WitnessEvent
  /// Slots the event writes.
  var sets: [SlotNote] = []
  /// Slots of which a condition now knows more.
  var narrows: [SlotNote] = []
}

/// A place in a search: where the journey is, what its slots may hold, which legal sentences were heard.
struct Place: Hashable, Sendable {
  var node: Int
  var values: [ValueSet]
  /// One bit for each legal sentence that was heard, the highest for a change that was asked for and for code that is not here.
  var marks: UInt64

  static let changed: UInt64 = 1 << 63
  static let foreign: UInt64 = 1 << 62

  /// Whether code that is not here has run: what it filled is not known.
  var isForeign: Bool { marks & Self.foreign != 0 }
}
