/// What identifies a transaction (RFC 3261 sections 17.1.3 and 17.2.3).
public struct TransactionKey: Hashable, Sendable {
  /// Whether we are the server of it.
  public let isServer: Bool
  private let branch: String
  private let sentBy: String
  private let method: SIPMethod

  /// The server transaction that a request belongs to; an ACK belongs to its INVITE's.
  public init(server request: SIPRequest) {
    self.init(request, method: request.method == .ack ? .invite : request.method)
  }

  /// The server transaction of the INVITE that a CANCEL wants to end.
  public init(cancelledBy request: SIPRequest) { self.init(request, method: .invite) }

  private init(_ request: SIPRequest, method: SIPMethod) {
    isServer = true
    self.method = method
    let via = request.vias.first
    sentBy = via.map { "\($0.host.lowercased()):\($0.sentByPort)" } ?? ""
    if let branch = via?.branch, branch.hasPrefix(Via.cookie), branch.utf8.count > Via.cookie.utf8.count {
      self.branch = branch
    } else {
      // Peers of RFC 2543. The To tag is left out, because the ACK of a final answer carries ours.
      branch = [
        request.uriText, request.from.tag ?? "", request.callID, String(request.cseq.number), via?.branch ?? "",
      ].joined(separator: "\u{0}")
    }
  }

  /// The client transaction with our branch.
  public init(clientBranch branch: String, method: SIPMethod) {
    isServer = false
    self.branch = branch
    self.method = method
    sentBy = ""
  }
}

/// A timer of one transaction.
public struct TransactionTimerID: Hashable, Sendable {
  /// Whose timer it is.
  public var transaction: TransactionKey
  /// Which of its timers.
  public var timer: TransactionTimer
}
