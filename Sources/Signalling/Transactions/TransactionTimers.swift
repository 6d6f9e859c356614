/// The base timers of RFC 3261 section 17.1.1.1; all others follow from them.
public struct TransactionTiming: Hashable, Sendable {
  /// Round-trip estimate.
  public var t1: Duration = .milliseconds(500)
  /// Longest retransmission interval.
  public var t2: Duration = .seconds(4)
  /// How long a message may stay in the network.
  public var t4: Duration = .seconds(5)
  /// Timer D for unreliable transports.
  public var d: Duration = .seconds(32)

  /// The defaults of the RFC.
  public init() {}

  /// 64 times T1: the end of every wait for an answer.
  public var limit: Duration { t1 * 64 }
}

/// The timers of RFC 3261 table 4 and RFC 6026.
public enum TransactionTimer: String, Hashable, Sendable, CaseIterable {
  case a, b, d, e, f, g, h, i, j, k
  /// RFC 6026: INVITE server transaction after a 2xx.
  case l
  /// RFC 6026: INVITE client transaction after a 2xx.
  case m
}

/// What a transaction machine is told.
public enum TransactionEvent: Hashable, Sendable {
  /// A request of this transaction arrived: a retransmission, or the ACK of a non-2xx answer.
  case request(SIPRequest)
  /// A response of this transaction arrived.
  case response(SIPResponse)
  /// The user answers.
  case respond(SIPResponse)
  case timer(TransactionTimer)
  /// The transport could not send.
  case transportFailed
}

/// What a transaction machine wants done, in order.
public enum TransactionAction: Hashable, Sendable {
  case send(SIPMessage)
  case setTimer(TransactionTimer, after: Duration)
  case cancelTimer(TransactionTimer)
  /// To the user of the transaction.
  case deliver(SIPResponse)
  /// No answer or no ACK came within 64 times T1.
  case timedOut
  case transportFailed
  /// The transaction is over and can be forgotten.
  case terminated
}
