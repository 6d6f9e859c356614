/// How sure it is who the caller is, from 0 (nobody knows) to 3.
public struct IdentityLevel: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
  /// 0 to 3.
  public let rank: Int
  /// A level, clamped to 0...3.
  public init(_ rank: Int) { self.rank = min(3, max(0, rank)) }
  /// Nobody knows who calls.
  public static let none = IdentityLevel(0)
  /// Orders by certainty.
  public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
  /// Such as `2`.
  public var description: String { String(rank) }

  /// Reads the bare number.
  public init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(Int.self)) }
  /// Writes the bare number.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rank)
  }
}

/// What an assistant calls its levels of identity, and how a level is reached.
public struct IdentityLadder: Hashable, Sendable, Codable {
  /// Names of the levels 1, 2, 3, in this order.
  public let names: [String]
  /// The flow that identifies the caller: `pattern_identify`, or a journey of the author that sets the slot `identity_level`.
  public let flow: FlowID

  /// A ladder; the defaults are `known`, `verified`, `strong` and `pattern_identify`.
  public init(names: [String] = ["known", "verified", "strong"], flow: FlowID = "pattern_identify") {
    self.names = Array(names.prefix(3))
    self.flow = flow
  }

  /// The slot that holds the level reached in a call: a number from 0 to 3, filled by tools and steps only.
  public static let slot: SlotName = "identity_level"

  /// The level of a name.
  public func level(named name: String) -> IdentityLevel? {
    names.firstIndex(of: name).map { IdentityLevel($0 + 1) }
  }

  /// The name of a level; nil for 0 and for levels without one.
  public func name(of level: IdentityLevel) -> String? {
    names.indices.contains(level.rank - 1) ? names[level.rank - 1] : nil
  }
}

/// A purpose to which a caller may consent.
public struct ConsentDefinition: Hashable, Sendable, Codable {
  /// Its name.
  public let name: ConsentName
  /// What it is, for people.
  public let summary: String
  /// The response that asks for it.
  public let ask: ResponseName
  /// Where it is written.
  public let source: SourceLocation

  /// A purpose; it is asked for by `utter_ask_consent_<name>` when nothing else is said.
  public init(name: ConsentName, summary: String, ask: ResponseName? = nil, source: SourceLocation) {
    self.name = name
    self.summary = summary
    self.ask = ask ?? ResponseName("utter_ask_consent_\(name)")
    self.source = source
  }

  /// The slot that holds the answer: yes, no, or nothing when it was never asked.
  public var slot: SlotName { Self.slot(of: name) }

  /// The slot of a purpose.
  public static func slot(of name: ConsentName) -> SlotName { SlotName("consent_\(name)") }
}

/// A person's word that a tool needs. Without it the tool does not run.
public struct ApprovalRule: Hashable, Sendable, Codable {
  /// Who may give it, such as `supervisor`.
  public let role: String
  /// When it is needed; nil: always.
  public let condition: Predicate?
  /// The tool that asks that person: `completed` is a yes, everything else a no. Nil: nobody can be asked, so the answer is no.
  public let tool: ActionName?
  /// How long the person may take; later is a no.
  public let deadline: CallSpan

  /// A rule.
  public init(
    role: String, condition: Predicate? = nil, tool: ActionName? = nil, deadline: CallSpan = .seconds(60)
  ) {
    self.role = role
    self.condition = condition
    self.tool = tool
    self.deadline = deadline
  }
}

/// How long a tool lets a caller wait, and so what is said meanwhile.
public enum ToolLatency: String, Hashable, Sendable, Codable, CaseIterable {
  /// Nothing is said unless it takes unusually long.
  case instant
  /// The caller hears that work goes on once it takes longer than a pause.
  case short
  /// The caller hears before it begins that it takes a moment.
  case long
}

/// What is done after an attempt at a question has failed.
public enum EscalationRung: String, Hashable, Sendable, Codable, CaseIterable {
  /// The question is asked again as it was.
  case reprompt
  /// The question is asked in the words of the next attempt.
  case rephrase
  /// The choices are offered by key.
  case menu
  /// A person.
  case person
  /// The call ends with a word of parting; for silence only.
  case hangUp = "hang_up"
}
