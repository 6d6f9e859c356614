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

  /// Of the tokens that messages begin with, as numbers of their octets.
  private static let words = Dictionary(
    uniqueKeysWithValues: [(word("SIP/2.0".utf8), MessageKind.call)] + methods.map { (word($0.rawValue.utf8), $1) })

  private static func word(_ octets: some Sequence<UInt8>) -> UInt64 { octets.reduce(0) { $0 << 8 | UInt64($1) } }

  /// The kind of a message, whole or not, by its first token.
  public init(startingWith octets: some Collection<UInt8>) {
    var word: UInt64 = 0
    for octet in octets {
      if word == 0, octet == 13 || octet == 10 { continue }
      // No token that is known is so long.
      guard octet > 0x20, word >> 56 == 0 else { break }
      word = word << 8 | UInt64(octet)
    }
    self = Self.words[word] ?? .other
  }
}

/// A rate for each kind of message of each source.
public struct KindLimiter: Sendable {
  private var limiters: [RateLimiter]

  /// A rate for each kind.
  public init(rate: (MessageKind) -> RequestRate) {
    limiters = MessageKind.allCases.map { RateLimiter(rate: rate($0)) }
  }

  /// Whether this source may send so much more of a kind now.
  public mutating func admit(_ kind: MessageKind, of source: IPAddress, amount: Int = 1, at now: Duration) -> Bool {
    limiters[kind.rawValue].admit(source, amount: amount, at: now)
  }
}
