internal import Core

/// What comes of an INVITE of ours (RFC 3261 section 13.2.2).
extension UserAgent {
  /// A response to the INVITE: also repeated ones, and those of other branches.
  mutating func dialled(_ handle: CallHandle, _ response: SIPResponse, at now: Duration) {
    if !response.isFinal {
      progressed(handle, response, at: now)
    } else if response.isSuccess {
      answered(handle, response, at: now)
    } else {
      refused(handle, response, at: now)
    }
  }

  private mutating func progressed(_ handle: CallHandle, _ response: SIPResponse, at now: Duration) {
    switch dials[handle]?.state {
    case .leaving: return cancel(handle, at: now)
    case .calling: dials[handle]?.state = .proceeding
    case .proceeding: break
    case .cancelled, .withdrawn, .answered, nil: return
    }
    guard let dial = dials[handle] else { return }
    if response.status == 180, !dial.rings {
      dials[handle]?.rings = true
      notify(.ringing(handle))
    }
    guard let tag = response.to.tag, dial.early[tag] != nil || dial.early.count < OutgoingCall.branches,
      dial.previews < OutgoingCall.previews, let answer = dial.answer(in: response), dial.early[tag] != answer
    else { return }
    dials[handle]?.early[tag] = answer
    dials[handle]?.previews += 1
    notify(.early(handle, answer))
  }

  private mutating func refused(_ handle: CallHandle, _ response: SIPResponse, at now: Duration) {
    guard var dial = dials[handle] else { return }
    let wasAwaited = dial.state.isAwaited
    var next: SIPRequest?
    switch response.status {
    case 401, 407:
      next = dial.authorize(response, clientNonce: tokens.next(), hashes: configuration.hashes)
    case 422:
      next = dial.raiseInterval(response, clientNonce: tokens.next(), hashes: configuration.hashes)
    default: break
    }
    guard wasAwaited, let next else {
      if wasAwaited { notify(.finalStatus(handle, response.status)) }
      return endDial(handle, DialOutcome(status: response.status))
    }
    if let key = dial.key { placed[key] = nil }
    dials[handle] = dial
    sendInvite(handle, next, at: now)
  }

  /// A 2xx. Its ACK is ours on every transport, and goes out again whenever the 2xx does. The first branch that answers has the
  /// call; others, and one that crosses our CANCEL, get BYE behind the ACK.
  private mutating func answered(_ handle: CallHandle, _ response: SIPResponse, at now: Duration) {
    guard let dial = dials[handle] else { return }
    let tag = response.to.tag ?? ""
    if let known = dial.acknowledgements[tag] {
      out.append(.send(.request(known.request), to: known.path, transaction: nil))
      return
    }
    guard dial.acknowledgements.count < OutgoingCall.branches else { return }
    guard var dialog = DialogIdentity(placing: dial.invite, answeredBy: response), !dialog.asksForTLS,
      let path = dialog.nextHop, reaches(path)
    else {
      // Nothing that asks for TLS goes in clear, an ACK neither; the other side gives its 2xx up (RFC 3261 section 13.3.1.4).
      if dial.state.isAwaited { endDial(handle, .notAcceptable) }
      return
    }
    acknowledge(handle, tag, dialog, path)
    let isFirst = dial.state.isAwaited
    let answer = dial.answer(in: response) ?? (response.body.isEmpty ? dial.early[tag] : nil)
    if dial.state != .answered {
      dials[handle]?.state = .answered
      out.append(.cancelTimer(.dial(handle)))
    }
    guard isFirst, let answer else {
      if isFirst { notify(.failed(handle, .notAcceptable)) }
      send(dialog.makeRequest(.bye), to: path, .bye(nil), at: now)
      return
    }
    var call = CallState(handle: handle, merge: nil, dialog: dialog, phase: .confirmed)
    call.trust = .dialled(dial.invitation.credentials)
    calls[handle] = call
    handles[dialog.key] = handle
    startSession(handle, agreedSession(response))
    notify(.dialogChanged(handle, dialog))
    notify(.established(handle, answer: answer))
  }

  /// With the INVITE's number and credentials (RFC 3261 section 13.2.2.4), outside of any transaction.
  private mutating func acknowledge(
    _ handle: CallHandle, _ tag: String, _ dialog: DialogIdentity, _ path: TransportPath
  ) {
    guard let invite = dials[handle]?.invite else { return }
    var dialog = dialog
    var request = dialog.makeRequest(.ack)
    request.cseq.number = invite.cseq.number
    for name in [HeaderName.authorization, .proxyAuthorization] {
      if let value = invite.headers[name] { request.headers.add(name, value) }
    }
    let ack = OutgoingCall.Acknowledgement(request: stamped(request, for: path), path: path)
    dials[handle]?.acknowledgements[tag] = ack
    out.append(.send(.request(ack.request), to: ack.path, transaction: nil))
  }

  /// Who refreshes the session, as the 2xx says. An UPDATE is our only way to do it.
  func agreedSession(_ response: SIPResponse) -> CallState.SessionTimer? {
    guard let (seconds, refresher) = response.headers[.sessionExpires].flatMap(Self.sessionInterval) else { return nil }
    let weRefresh = refresher?.equalsIgnoringCase("uac") ?? false
    if weRefresh, !response.headers.lists(.allow, "UPDATE") { return nil }
    return .init(interval: max(seconds, Self.leastSession), weRefresh: weRefresh)
  }
}
