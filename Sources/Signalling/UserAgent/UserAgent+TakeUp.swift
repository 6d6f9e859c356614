internal import Core

/// Taking up a dialog that an earlier process left: a re-INVITE that offers where our audio is now (RFC 3261 section 14.1).
extension UserAgent {
  /// An offer of ours that is not answered yet.
  struct TakingUp: Sendable {
    var local: LocalMedia
    var offer: SessionDescription
    /// When nobody waits for the answer any more.
    var deadline: Duration
    /// Whether the other side had an offer under way: ours goes out again.
    var waits = false
  }
  /// Behind an offer that met one of the other side. It is between 0 and 2 s for whoever did not begin the call, which is longer
  /// for the other one.
  private static let glareWait = Duration.seconds(1)

  /// The dialog as a call of ours, confirmed and without audio. A peer that nobody can reach is told nothing; where there is no
  /// room for another call it is told BYE.
  mutating func takeUp(
    _ handle: CallHandle, _ kept: DialogIdentity, _ local: LocalMedia, patience: Duration, at now: Duration
  ) {
    guard calls[handle] == nil, dials[handle] == nil else { return }
    let dialog = kept.recovered
    guard handles[dialog.key] == nil, let path = dialog.nextHop, reaches(path), !dialog.asksForTLS else {
      return notify(.ended(handle, .noMediaAnswer))
    }
    guard !isDraining, callCount < configuration.maximumCalls, layer.count < configuration.maximumTransactions else {
      recoverBye(kept, at: now)
      return notify(.ended(handle, .noMediaAnswer))
    }
    var call = CallState(handle: handle, merge: nil, dialog: dialog, phase: .confirmed)
    call.trust = isTrusted(path) ? .agent : .none
    call.takingUp = TakingUp(local: local, offer: OfferAnswer.offer(local), deadline: now + patience)
    calls[handle] = call
    handles[dialog.key] = handle
    notify(.dialogChanged(handle, dialog))
    out.append(.setTimer(.offer(handle), after: patience))
    sendOffer(handle, at: now)
  }

  private mutating func sendOffer(_ handle: CallHandle, at now: Duration) {
    guard let call = calls[handle], let taking = call.takingUp, let path = call.dialog.nextHop else { return }
    var dialog = call.dialog
    var request = dialog.makeRequest(.invite)
    request.headers.add(.contact, contact(path.transport))
    request.headers.add(.allow, Self.allow)
    request.headers.add(.supported, Self.supported)
    request.headers.add(.contentType, "application/sdp")
    request.body = taking.offer.encoded()
    calls[handle]?.dialog = dialog
    send(request, to: path, or: dialog.otherHop, .offer(handle, dialog), at: now)
  }

  /// The time of an offer is over: of the wait for the other side's, of the answer, or of an INVITE whose call is gone.
  mutating func offerDue(_ handle: CallHandle, at now: Duration) {
    guard var taking = calls[handle]?.takingUp else {
      for (key, client) in clients {
        guard case .offer(handle, _) = client.purpose else { continue }
        clients[key] = nil
        drop(key)
      }
      return
    }
    guard taking.waits else { return sendBye(handle, .noMediaAnswer, at: now) }
    taking.waits = false
    calls[handle]?.takingUp = taking
    out.append(.setTimer(.offer(handle), after: taking.deadline - now))
    sendOffer(handle, at: now)
  }

  /// The final response of a re-INVITE of ours, nil when none came.
  mutating func offerFinished(
    _ handle: CallHandle, _ dialog: DialogIdentity, _ client: ClientRequest, _ key: TransactionKey,
    _ response: SIPResponse?, at now: Duration
  ) {
    var moved = dialog
    if let response, response.isSuccess {
      moved.refreshTarget(response.headers)
      guard let path = moved.nextHop, reaches(path), !moved.asksForTLS else {
        // Nothing that asks for TLS goes in clear, an ACK neither.
        return forget(handle, .noMediaAnswer)
      }
      acknowledge(client.request, key, moved, path)
    }
    guard let taking = calls[handle]?.takingUp else { return }
    guard let response else { return sendBye(handle, .noMediaAnswer, at: now) }
    switch response.status {
    case 200..<300: settle(handle, taking, response, at: now)
    case 491 where now + Self.glareWait < taking.deadline:
      calls[handle]?.takingUp?.waits = true
      out.append(.setTimer(.offer(handle), after: Self.glareWait))
    // The other side knows of no such call any more.
    case 481: forget(handle, .remoteHangUp)
    default: sendBye(handle, .noMediaAnswer, at: now)
    }
  }

  private mutating func settle(
    _ handle: CallHandle, _ taking: TakingUp, _ response: SIPResponse, at now: Duration
  ) {
    guard case .description(let octets) = BodyParts.content(of: response.headers, response.body),
      let answer = try? SessionDescription(parsing: octets),
      (try? OfferAnswer.accept(answer, to: taking.offer, local: taking.local)) != nil
    else { return sendBye(handle, .noMediaAnswer, at: now) }
    calls[handle]?.takingUp = nil
    out.append(.cancelTimer(.offer(handle)))
    refreshTarget(handle, response.headers)
    startSession(handle, agreedSession(response))
    notify(.established(handle, answer: answer))
  }

  /// With the INVITE's number and credentials; kept, because it goes out again whenever the 2xx does.
  private mutating func acknowledge(
    _ invite: SIPRequest, _ key: TransactionKey, _ dialog: DialogIdentity, _ path: TransportPath
  ) {
    var dialog = dialog
    var request = dialog.makeRequest(.ack)
    request.cseq.number = invite.cseq.number
    for name in [HeaderName.authorization, .proxyAuthorization] {
      if let value = invite.headers[name] { request.headers.add(name, value) }
    }
    let ack = OutgoingCall.Acknowledgement(request: stamped(request, for: path), path: path)
    acknowledgements[key] = ack
    out.append(.send(.request(ack.request), to: ack.path, transaction: nil))
  }

  /// The call of an offer is over: its INVITE is not repeated any more, and forgotten in time. A 2xx that comes all the same gets
  /// its ACK.
  mutating func abandonOffer(_ handle: CallHandle) {
    for (key, client) in clients {
      guard case .offer(handle, _) = client.purpose else { continue }
      out.append(.cancelTimer(.transaction(.init(transaction: key, timer: .a))))
      out.append(.setTimer(.offer(handle), after: configuration.timing.limit))
    }
  }
}
