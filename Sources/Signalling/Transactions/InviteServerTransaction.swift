/// INVITE server transaction (RFC 3261 section 17.2.1 with the Accepted state of RFC 6026). The user repeats its 2xx
/// until ACK itself; this machine repeats the other finals.
public struct InviteServerTransaction: Hashable, Sendable {
  /// Figure 7 of RFC 3261 and figure 2 of RFC 6026.
  public enum State: String, Hashable, Sendable { case proceeding, accepted, completed, confirmed, terminated }
  /// Where the machine stands.
  public private(set) var state = State.proceeding
  private let timing: TransactionTiming
  private let isReliable: Bool
  private var last: SIPResponse?
  private var interval: Duration

  /// A machine for a request that just arrived; the user sends 100 as its first response.
  public init(isReliable: Bool, timing: TransactionTiming = TransactionTiming()) {
    self.isReliable = isReliable
    self.timing = timing
    interval = timing.t1
  }

  /// Takes one event. The instant is not needed: every wait is a timer action.
  public mutating func handle(_ event: TransactionEvent) -> [TransactionAction] {
    switch (state, event) {
    case (.proceeding, .respond(let response)):
      last = response
      guard response.isFinal else { return [.send(.response(response))] }
      if response.isSuccess {
        state = .accepted
        return [.send(.response(response)), .setTimer(.l, after: timing.limit)]
      }
      state = .completed
      return [.send(.response(response))] + (isReliable ? [] : [.setTimer(.g, after: interval)])
        + [.setTimer(.h, after: timing.limit)]
    case (.proceeding, .request(let request)) where request.method == .invite,
      (.completed, .request(let request)) where request.method == .invite:
      return last.map { [.send(.response($0))] } ?? []
    case (.accepted, .respond(let response)) where response.isSuccess:
      return [.send(.response(response))]
    case (.completed, .timer(.g)):
      guard let last else { return [] }
      interval = min(interval * 2, timing.t2)
      return [.send(.response(last)), .setTimer(.g, after: interval)]
    case (.completed, .request(let request)) where request.method == .ack:
      state = .confirmed
      return [.cancelTimer(.g), .cancelTimer(.h), .setTimer(.i, after: isReliable ? .zero : timing.t4)]
    case (.completed, .timer(.h)):
      state = .terminated
      return [.cancelTimer(.g), .timedOut, .terminated]
    case (.confirmed, .timer(.i)), (.accepted, .timer(.l)):
      state = .terminated
      return [.terminated]
    case (.proceeding, .transportFailed), (.completed, .transportFailed):
      state = .terminated
      return [.cancelTimer(.g), .cancelTimer(.h), .transportFailed, .terminated]
    case (.accepted, .transportFailed): return [.transportFailed]
    default: return []
    }
  }
}
