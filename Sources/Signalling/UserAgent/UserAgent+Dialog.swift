extension UserAgent {
  /// A request inside a dialog (RFC 3261 section 12.2.2).
  mutating func receivedInDialog(_ request: SIPRequest, _ key: TransactionKey, _ handle: CallHandle, at now: Duration) {
    guard let call = calls[handle] else { return }
    guard request.cseq.number > call.dialog.remoteSequence else {
      respond(key, request, 500, at: now)
      return
    }
    calls[handle]?.dialog.remoteSequence = request.cseq.number
    if request.method == .bye {
      respond(key, request, 200, at: now)
      closeOpenRequest(handle, 487, at: now)
      forget(handle, .remoteHangUp)
      return
    }
    guard call.phase != .ending else {
      respond(key, request, request.method == .notify ? 200 : 481, at: now)
      return
    }
    switch request.method {
    case .invite, .update: receivedOffer(request, key, call, at: now)
    case .info: receivedInfo(request, key, handle, at: now)
    case .notify: receivedNotify(request, key, call, at: now)
    case .options:
      respond(key, request, 200, at: now, headers: [(.allow, Self.allow), (.accept, "application/sdp")])
    default: respond(key, request, 481, at: now)
    }
  }

  private mutating func receivedOffer(_ request: SIPRequest, _ key: TransactionKey, _ call: CallState, at now: Duration)
  {
    let isUpdate = request.method == .update
    let plain = isUpdate && request.body.isEmpty
    // One offer at a time (RFC 3261 section 14.2, RFC 3311 section 5.2): ours outstanding is 491, theirs is 500.
    if !plain {
      if call.open != nil {
        respond(key, request, 500, at: now, headers: [(.retryAfter, "3")])
        return
      }
      if call.unacknowledged != nil || call.phase != .confirmed {
        respond(key, request, 491, at: now)
        return
      }
    }
    guard case .success(let timer) = readSessionTimer(request, key, at: now) else { return }
    var offer: SessionDescription?
    if !plain {
      guard case .success(let found) = readOffer(request, key, at: now) else { return }
      offer = found
    }
    refreshTarget(call.handle, request)
    if plain {
      let headers = [(HeaderName.contact, contact(transport(of: call.handle)))] + sessionHeaders(timer, request)
      startSession(call.handle, timer)
      respond(key, request, 200, at: now, headers: headers)
      return
    }
    if !isUpdate { respond(key, request, 100, at: now) }
    calls[call.handle]?.open = .init(key: key, request: request, hasOffer: offer != nil, sessionTimer: timer)
    invites[key] = call.handle
    out.append(.setTimer(.setup(call.handle), after: configuration.offerLimit))
    notify(.offered(call.handle, offer))
  }

  private mutating func refreshTarget(_ handle: CallHandle, _ request: SIPRequest) {
    guard var dialog = calls[handle]?.dialog else { return }
    let before = dialog.remoteTarget
    dialog.refreshTarget(request.headers)
    guard dialog.remoteTarget != before else { return }
    calls[handle]?.dialog = dialog
    notify(.dialogChanged(handle, dialog))
  }

  /// The ACK of a 2xx.
  mutating func acknowledged(_ ack: SIPRequest, at now: Duration) {
    let key = DialogKey(callID: ack.callID, localTag: ack.to.tag ?? "", remoteTag: ack.from.tag ?? "")
    guard let handle = handles[key], let call = calls[handle], let waiting = call.unacknowledged,
      waiting.response.cseq.number == ack.cseq.number
    else { return }
    calls[handle]?.unacknowledged = nil
    out += [.cancelTimer(.answer(handle)), .cancelTimer(.acknowledgement(handle))]
    if waiting.isFirst { calls[handle]?.phase = .confirmed }
    if call.hangUpWhenConfirmed {
      sendBye(handle, .localHangUp, at: now)
      return
    }
    var answer: SessionDescription?
    if waiting.awaitsAnswer {
      answer = isSessionDescription(ack.headers) ? try? SessionDescription(parsing: ack.body) : nil
      guard answer != nil else {
        sendBye(handle, .noMediaAnswer, at: now)
        return
      }
    }
    notify(waiting.isFirst ? .established(handle, answer: answer) : .offerSettled(handle, answer: answer))
  }

  private mutating func receivedInfo(
    _ request: SIPRequest, _ key: TransactionKey, _ handle: CallHandle, at now: Duration
  ) {
    let kind = request.headers[.contentType]?.split(separator: ";").first?.trimmed.lowercased()
    let text = String(decoding: request.body.prefix(256), as: UTF8.self)
    var signal: String?
    switch kind {
    case "application/dtmf-relay":
      for line in text.split(whereSeparator: \.isNewline) {
        let parts = line.split(separator: "=", maxSplits: 1).map(\.trimmed)
        if parts.count == 2, parts[0].equalsIgnoringCase("signal") { signal = parts[1] }
      }
    case "application/dtmf": signal = text.split(whereSeparator: \.isNewline).first?.trimmed
    default:
      let status = request.body.isEmpty ? 200 : 415
      respond(key, request, status, at: now, headers: status == 415 ? [(.accept, "application/dtmf-relay")] : [])
      return
    }
    guard let signal, let first = signal.first,
      let digit = signal.count == 1 ? TelephoneDigit(first) : Self.code(signal)
    else {
      respond(key, request, 400, at: now)
      return
    }
    respond(key, request, 200, at: now)
    notify(.digit(handle, digit))
  }

  /// Some peers send the event codes 10 and 11 for star and pound.
  private static func code(_ text: String) -> TelephoneDigit? {
    text.decimal(upTo: 15).flatMap { TelephoneDigit(rawValue: UInt8($0)) }
  }
}
