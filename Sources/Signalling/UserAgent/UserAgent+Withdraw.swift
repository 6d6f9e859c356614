internal import Core

/// Giving up an INVITE that an earlier process sent and that was not answered then.
extension UserAgent {
  /// How long what comes of it is waited for: whoever answered the INVITE provisionally rings no longer (timer C of RFC 3261 section 16.6).
  private static let lateAnswers = Duration.seconds(180)

  /// CANCEL, and ACK and BYE for each 2xx that comes all the same. An INVITE that is already being given up, or that would need
  /// TLS, is left as it is.
  mutating func withdraw(_ kept: PlacedInvite, at now: Duration) {
    guard let target = SIPURI(kept.uriText), !target.asksForTLS, reaches(kept.path) else { return }
    let invite = kept.request
    guard let key = layer.adopt(invite, to: kept.path) else { return }
    let handle = newHandle()
    // Nothing is offered: no answer is taken.
    let local = LocalMedia(address: advertised, port: 9, sessionID: 1)
    let invitation = Invitation(to: target, over: kept.path, local: local, ringLimit: .zero)
    var dial = OutgoingCall(invitation, offer: OfferAnswer.offer(local), invite: invite)
    (dial.key, dial.state) = (key, .withdrawn)
    dials[handle] = dial
    placed[key] = handle
    out.append(.setTimer(.dial(handle), after: Self.lateAnswers))
    sendCancel(of: dial, at: now)
  }
}
