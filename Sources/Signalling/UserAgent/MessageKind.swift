/// What a message is for, as far as its first octets tell: each kind has an allowance of its own, so that a flood of one takes nothing
/// from the others.
public enum MessageKind: Int, Sendable, CaseIterable {
  /// INVITE: somebody wants to talk, or to change how.
  case invite
  /// What belongs to calls that are there: ACK, BYE, CANCEL, INFO, UPDATE, NOTIFY, PRACK, and answers to requests of ours.
  case call
  /// All else: OPTIONS, what we do not serve, noise.
  case other

  private static let methods: [SIPMethod: MessageKind] = [
    .invite: .invite, .ack: .call, .bye: .call, .cancel: .call, .info: .call, .update: .call, .notify: .call,
    .prack: .call,
  ]

  /// The kind of a request.
  init(_ method: SIPMethod) { self = Self.methods[method] ?? .other }

  /// The kind of a message, whole or not, by its first token.
  public init(startingWith octets: some Sequence<UInt8>) {
    let token = octets.lazy.drop { $0 == 13 || $0 == 10 }.prefix(8).prefix { $0 != 0x20 }
    let text = String(decoding: Array(token), as: UTF8.self)
    self = text == "SIP/2.0" ? .call : Self(SIPMethod(text))
  }
}

/// A rate for each kind of message of each source.
public struct KindLimiter: Sendable {
  private var limiters: [RateLimiter]

  /// The same rate for every kind.
  public init(rate: RequestRate) { limiters = MessageKind.allCases.map { _ in RateLimiter(rate: rate) } }

  /// Whether this source may send so much more of a kind now.
  public mutating func admit(_ kind: MessageKind, of source: IPAddress, amount: Int = 1, at now: Duration) -> Bool {
    limiters[kind.rawValue].admit(source, amount: amount, at: now)
  }
}
