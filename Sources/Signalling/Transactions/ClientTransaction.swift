/// Non-INVITE client transaction (RFC 3261 section 17.1.2).
public struct ClientTransaction: Hashable, Sendable {
  /// Figure 6 of RFC 3261.
  public enum State: String, Hashable, Sendable { case trying, proceeding, completed, terminated }
  /// Where the machine stands.
  public private(set) var state = State.trying
  private let timing: TransactionTiming
  private let isReliable: Bool
  private let request: SIPRequest
  private var interval: Duration

  /// A machine for a request; `start` sends it.
  public init(_ request: SIPRequest, isReliable: Bool, timing: TransactionTiming = TransactionTiming()) {
    self.request = request
    self.isReliable = isReliable
    self.timing = timing
    interval = timing.t1
  }

  /// The first actions.
  public func start() -> [TransactionAction] {
    [.send(.request(request)), .setTimer(.f, after: timing.limit)]
      + (isReliable ? [] : [.setTimer(.e, after: timing.t1)])
  }

  /// Takes one event.
  public mutating func handle(_ event: TransactionEvent) -> [TransactionAction] {
    switch (state, event) {
    case (.trying, .timer(.e)), (.proceeding, .timer(.e)):
      interval = state == .proceeding ? timing.t2 : min(interval * 2, timing.t2)
      return [.send(.request(request)), .setTimer(.e, after: interval)]
    case (.trying, .timer(.f)), (.proceeding, .timer(.f)):
      state = .terminated
      return [.cancelTimer(.e), .timedOut, .terminated]
    case (.trying, .transportFailed), (.proceeding, .transportFailed):
      state = .terminated
      return [.cancelTimer(.e), .cancelTimer(.f), .transportFailed, .terminated]
    case (.trying, .response(let response)), (.proceeding, .response(let response)):
      guard response.isFinal else {
        state = .proceeding
        return [.deliver(response)]
      }
      state = .completed
      return [
        .cancelTimer(.e), .cancelTimer(.f), .deliver(response), .setTimer(.k, after: isReliable ? .zero : timing.t4),
      ]
    case (.completed, .timer(.k)):
      state = .terminated
      return [.terminated]
    default: return []
    }
  }
}
