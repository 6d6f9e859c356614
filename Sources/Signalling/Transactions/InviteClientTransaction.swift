/// INVITE client transaction (RFC 3261 section 17.1.1 with the Accepted state of RFC 6026). The ACK of a 2xx is the
/// user's.
public struct InviteClientTransaction: Hashable, Sendable {
  /// Figure 5 of RFC 3261 and figure 1 of RFC 6026.
  public enum State: String, Hashable, Sendable { case calling, proceeding, accepted, completed, terminated }
  /// Where the machine stands.
  public private(set) var state = State.calling
  private let timing: TransactionTiming
  private let isReliable: Bool
  private let request: SIPRequest
  private var interval: Duration
  private var acknowledgement: SIPRequest?

  /// A machine for an INVITE; `start` sends it.
  public init(_ request: SIPRequest, isReliable: Bool, timing: TransactionTiming = TransactionTiming()) {
    self.request = request
    self.isReliable = isReliable
    self.timing = timing
    interval = timing.t1
  }

  /// A machine for an INVITE that was sent before it was there, and that was not answered then: it waits for what comes of it.
  init(adopting request: SIPRequest, isReliable: Bool, timing: TransactionTiming) {
    self.init(request, isReliable: isReliable, timing: timing)
    state = .proceeding
  }

  /// The first actions.
  public func start() -> [TransactionAction] {
    [.send(.request(request)), .setTimer(.b, after: timing.limit)]
      + (isReliable ? [] : [.setTimer(.a, after: timing.t1)])
  }

  /// Takes one event.
  public mutating func handle(_ event: TransactionEvent) -> [TransactionAction] {
    switch (state, event) {
    case (.calling, .timer(.a)):
      interval = interval * 2
      return [.send(.request(request)), .setTimer(.a, after: interval)]
    case (.calling, .timer(.b)):
      state = .terminated
      return [.cancelTimer(.a), .timedOut, .terminated]
    case (.calling, .transportFailed), (.completed, .transportFailed):
      state = .terminated
      return [.cancelTimer(.a), .cancelTimer(.b), .cancelTimer(.d), .transportFailed, .terminated]
    case (.calling, .response(let response)), (.proceeding, .response(let response)):
      let quiet: [TransactionAction] = state == .calling ? [.cancelTimer(.a), .cancelTimer(.b)] : []
      guard response.isFinal else {
        state = .proceeding
        return quiet + [.deliver(response)]
      }
      if response.isSuccess {
        state = .accepted
        return quiet + [.deliver(response), .setTimer(.m, after: timing.limit)]
      }
      state = .completed
      let ack = makeAcknowledgement(for: response)
      acknowledgement = ack
      return quiet + [.send(.request(ack)), .deliver(response), .setTimer(.d, after: isReliable ? .zero : timing.d)]
    case (.accepted, .response(let response)) where response.isSuccess: return [.deliver(response)]
    case (.completed, .response(let response)) where response.isFinal:
      return acknowledgement.map { [.send(.request($0))] } ?? []
    case (.completed, .timer(.d)), (.accepted, .timer(.m)):
      state = .terminated
      return [.terminated]
    default: return []
    }
  }

  /// RFC 3261 section 17.1.1.3.
  private func makeAcknowledgement(for response: SIPResponse) -> SIPRequest {
    var headers = HeaderFields()
    for route in request.headers.lines(.route) { headers.add(.route, route) }
    headers.add(.maxForwards, "70")
    return SIPRequest(
      method: .ack, uriText: request.uriText, vias: Array(request.vias.prefix(1)), from: request.from,
      to: response.to, callID: request.callID, cseq: CSeq(request.cseq.number, .ack), headers: headers)
  }
}
