internal import Conversation
internal import Core
internal import Logging
internal import NIOCore

// Whether a hand-over succeeded: what is told, and when.

extension Session {
  /// A person who answers and is gone within this time has not taken the call. It is longer than a phone needs that is lifted and put
  /// down, or that answers only to refuse, and shorter than a greeting and its reply.
  static let taking = TimeAmount.seconds(2)
  /// How long a person who answered and is not heard is waited for beyond that: some telephones send nothing before somebody speaks.
  /// Ends well before the conversation stops waiting for the transfer.
  static let silentTaking = TimeAmount.seconds(3)

  /// From the answer of the person on: the two hear each other, and in a moment the person has taken the call.
  func awaitTaking() {
    bridge?.taking = loop.assumeIsolated().scheduleTask(in: Self.taking) { [weak self] in
      self?.assumeIsolated { $0.settle() }
    }
  }

  private func settle() {
    guard let bridge else { return }
    self.bridge?.isSettled = true
    guard !bridge.isHeard else { return isTaken() }
    self.bridge?.taking = loop.assumeIsolated().scheduleTask(in: Self.silentTaking) { [weak self] in
      self?.assumeIsolated { $0.isTaken() }
    }
  }

  /// The first sound of a leg that was dialled. While it rings, that is what the network plays, and takes the place of our tone.
  func isHeard(_ id: LegID) {
    guard let bridge, id == bridge.person else { return }
    self.bridge?.isHeard = true
    caller?.sound?.ring(false)
    if bridge.isSettled { isTaken() }
  }

  /// The person has taken the call.
  private func isTaken() {
    bridge?.taking?.cancel()
    bridge?.taking = nil
    guard let bridge, bridge.isJoined else { return }
    transferEnded(.accepted, on: bridge.person)
  }

  /// Tells how the hand-over went, with what the network of the leg said of it, which names nobody.
  func transferEnded(_ outcome: TransferOutcome, on leg: LegID) {
    guard let request = transferInHand else { return }
    transferInHand = nil
    let status = statuses.removeValue(forKey: leg)
    if outcome != .accepted {
      services.logger.notice(
        "a caller was not handed over",
        metadata: [
          "call": "\(start.call)", "destination": "\(request.destination)", "outcome": "\(outcome.rawValue)",
          "status": "\(status.map(String.init(describing:)) ?? "none")",
        ])
      if let status { write([.remark(.handOver(request.effect, outcome, status))], at: now) }
    }
    tell(outcome, of: request)
  }

  /// Who was to listen does not, or no longer.
  func nobodyListens(_ id: LegID, _ outcome: TransferOutcome) {
    guard let status = statuses.removeValue(forKey: id) else { return }
    services.logger.notice(
      "nobody listens to a call that was handed over",
      metadata: ["call": "\(start.call)", "outcome": "\(outcome.rawValue)", "status": "\(status)"])
  }
}
