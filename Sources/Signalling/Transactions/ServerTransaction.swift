/// Non-INVITE server transaction (RFC 3261 section 17.2.2).
public struct ServerTransaction: Hashable, Sendable {
  /// Figure 8 of RFC 3261.
  public enum State: String, Hashable, Sendable { case trying, proceeding, completed, terminated }
  /// Where the machine stands.
  public private(set) var state = State.trying
  private let timing: TransactionTiming
  private let isReliable: Bool
  private var last: SIPResponse?

  /// A machine for a request that just arrived.
  public init(isReliable: Bool, timing: TransactionTiming = TransactionTiming()) {
    self.isReliable = isReliable
    self.timing = timing
  }

  /// Takes one event.
  public mutating func handle(_ event: TransactionEvent) -> [TransactionAction] {
    switch (state, event) {
    case (.trying, .respond(let response)), (.proceeding, .respond(let response)):
      last = response
      state = response.isFinal ? .completed : .proceeding
      return [.send(.response(response))]
        + (response.isFinal ? [.setTimer(.j, after: isReliable ? .zero : timing.limit)] : [])
    case (.proceeding, .request), (.completed, .request): return last.map { [.send(.response($0))] } ?? []
    case (.completed, .timer(.j)):
      state = .terminated
      return [.terminated]
    case (.trying, .transportFailed), (.proceeding, .transportFailed), (.completed, .transportFailed):
      state = .terminated
      return [.cancelTimer(.j), .transportFailed, .terminated]
    default: return []
    }
  }
}
