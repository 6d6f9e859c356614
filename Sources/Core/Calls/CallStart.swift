/// All that enters a call once: identities, the wall clock, where the caller came from.
public struct CallStart: Hashable, Sendable {
  /// The enterprise called.
  public let tenant: TenantID
  /// The matter talked about.
  public let conversation: ConversationID
  /// This connection.
  public let call: CallID
  /// The caller's side of it.
  public let leg: LegID
  /// The caller when known.
  public let person: PersonID?
  /// What kind of line it is.
  public let channel: Channel
  /// The number or address called.
  public let calledAddress: String
  /// The number or address calling.
  public let callerAddress: Sensitive<String>?
  /// The wall clock at the start.
  public let clock: WallClock
  /// Seed of every choice among equals.
  public let seed: UInt64
  /// Whose conversation it is; nil in journals of releases before 0.2 and where nobody else could take it, as in rehearsals.
  public let holder: CallHolder?

  /// A start.
  public init(
    tenant: TenantID, conversation: ConversationID, call: CallID, leg: LegID, person: PersonID? = nil, channel: Channel,
    calledAddress: String, callerAddress: Sensitive<String>? = nil, clock: WallClock, seed: UInt64,
    holder: CallHolder? = nil
  ) {
    self.tenant = tenant
    self.conversation = conversation
    self.call = call
    self.leg = leg
    self.person = person
    self.channel = channel
    self.calledAddress = calledAddress
    self.callerAddress = callerAddress
    self.clock = clock
    self.seed = seed
    self.holder = holder
  }
}

/// Who has a conversation: a process of a node. While that process lives nobody else may go on with it.
public struct CallHolder: Hashable, Sendable {
  /// The server's name: configured, or the machine's.
  public let node: String
  /// One opening of a store, from its begin to its end; no other has this text.
  public let lease: String
  /// A holder.
  public init(node: String, lease: String) {
    self.node = node
    self.lease = lease
  }
}

extension CallStart {
  /// Whose the values are that enter: those of the person when known, else the call's own.
  public var owner: DataOwner { person.map { .person(tenant, $0) } ?? .call(tenant, call) }
}

/// What kind of line a call is on.
public enum Channel: String, Hashable, Sendable, Codable {
  /// Speech both ways.
  case voice = "voice"
  /// Written messages both ways.
  case chat = "chat"
}

/// Who speaks or acts in a call.
public enum Party: String, Hashable, Sendable, Codable {
  /// Who called.
  case caller = "caller"
  /// This server.
  case agent = "agent"
  /// The person a call was handed to.
  case person = "person"
  /// The line itself: network, carrier.
  case line = "line"
}
