internal import Core

/// Placing a call: INVITE and CANCEL (RFC 3261 sections 9.1 and 13.2).
extension UserAgent {
  /// Calls of ours that are not answered yet, those being cancelled included; without those of an earlier process.
  var openDials: Int { dials.values.count { $0.state != .answered && $0.state != .withdrawn } }

  /// A handle for a call to be placed with `dial`.
  public mutating func newHandle() -> CallHandle {
    defer { nextHandle += 1 }
    return CallHandle(number: nextHandle)
  }

  mutating func dial(_ handle: CallHandle, _ invitation: Invitation, at now: Duration) {
    guard dials[handle] == nil, calls[handle] == nil else { return }
    guard !isDraining, openDials < configuration.maximumDials, callCount < configuration.maximumCalls,
      layer.count < configuration.maximumTransactions
    else { return notify(.failed(handle, .overloaded)) }
    guard reaches(invitation.path), !invitation.target.asksForTLS else {
      return notify(.failed(handle, .unreachable))
    }
    let offer = OfferAnswer.offer(invitation.local)
    let contact = contact(invitation.path.transport)
    var headers = HeaderFields()
    headers.add(.maxForwards, "70")
    headers.add(.contact, contact)
    headers.add(.allow, Self.allow)
    headers.add(.supported, Self.supported)
    // The other side refreshes: ours would need UPDATE, which not everybody has.
    headers.add(.sessionExpires, "\(configuration.sessionInterval);refresher=uas")
    headers.add(.contentType, "application/sdp")
    let target = invitation.target.description
    let caller = invitation.caller?.description ?? NameAddress(contact)?.uriText ?? target
    let invite = SIPRequest(
      method: .invite, uriText: target, vias: [], from: NameAddress(uri: caller, tag: tokens.next()),
      to: NameAddress(uri: target), callID: tokens.next(), cseq: CSeq(1, .invite), headers: headers,
      body: offer.encoded())
    dials[handle] = OutgoingCall(invitation, offer: offer, invite: invite)
    out.append(.setTimer(.dial(handle), after: invitation.ringLimit))
    sendInvite(handle, invite, at: now)
  }

  /// Sends the INVITE, or one that takes its place, in a transaction of its own.
  mutating func sendInvite(_ handle: CallHandle, _ invite: SIPRequest, at now: Duration) {
    guard let path = dials[handle]?.invitation.path else { return }
    let invite = stamped(invite, for: path)
    let (key, actions) = layer.send(invite, to: path)
    dials[handle]?.invite = invite
    dials[handle]?.key = key
    dials[handle]?.state = .calling
    if let key { placed[key] = handle }
    if let kept = PlacedInvite(invite, over: path) { notify(.placed(handle, kept)) }
    run(actions, at: now)
  }

  /// Ends a call of ours that is not answered. The application is told at once; a 2xx that comes all the same gets ACK and BYE.
  mutating func giveUp(_ handle: CallHandle, _ outcome: DialOutcome, at now: Duration) {
    guard let dial = dials[handle], dial.state.isAwaited else { return }
    notify(.failed(handle, outcome))
    if dial.state == .proceeding { return cancel(handle, at: now) }
    dials[handle]?.state = .leaving
    out.append(.cancelTimer(.dial(handle)))
  }

  mutating func cancel(_ handle: CallHandle, at now: Duration) {
    guard let dial = dials[handle] else { return }
    dials[handle]?.state = .cancelled
    out.append(.setTimer(.dial(handle), after: configuration.timing.limit))
    sendCancel(of: dial, at: now)
  }

  /// CANCEL has the branch, target, sequence and path of what it cancels.
  mutating func sendCancel(of dial: OutgoingCall, at now: Duration) {
    var headers = HeaderFields()
    headers.add(.maxForwards, "70")
    if let product = configuration.product { headers.add(.userAgent, product) }
    let request = SIPRequest(
      method: .cancel, uriText: dial.invite.uriText, vias: dial.invite.vias, from: dial.invite.from, to: dial.invite.to,
      callID: dial.invite.callID, cseq: CSeq(dial.invite.cseq.number, .cancel), headers: headers)
    run(layer.send(request, to: dial.invitation.path).1, at: now)
  }

  /// It has rung long enough, or the end of what was cancelled has not come.
  mutating func dialDue(_ handle: CallHandle, at now: Duration) {
    guard let dial = dials[handle] else { return }
    guard dial.state == .cancelled || dial.state == .withdrawn else { return giveUp(handle, .noAnswer, at: now) }
    if let key = dial.key { drop(key) }
    endDial(handle, nil)
  }

  /// Forgets a call of ours; the application is told unless it was, and unless there is nothing to tell.
  mutating func endDial(_ handle: CallHandle, _ outcome: DialOutcome?) {
    guard let dial = dials.removeValue(forKey: handle) else { return }
    if let key = dial.key { placed[key] = nil }
    if dial.state != .leaving, dial.state != .answered { out.append(.cancelTimer(.dial(handle))) }
    if let outcome, dial.state.isAwaited { notify(.failed(handle, outcome)) }
  }

  /// Whether a request belongs to a dialog of ours whose 2xx it has overtaken.
  func precedesAnswer(_ request: SIPRequest) -> Bool {
    dials.values.contains { dial in
      dial.state.isAwaited && dial.invite.callID == request.callID && dial.invite.from.tag == request.to.tag
    }
  }
}
