extension UserAgent {
  /// A request inside a dialog (RFC 3261 section 12.2.2).
  mutating func receivedInDialog(
    _ request: SIPRequest, _ key: TransactionKey, _ handle: CallHandle, from path: TransportPath, at now: Duration
  ) {
    guard let call = calls[handle] else { return }
    // Out of order, whatever the method: a repetition never comes here, it has its answer from its transaction.
    guard call.dialog.remoteSequence.map({ request.cseq.number > $0 }) ?? true else {
      respond(key, request, 500, at: now)
      return
    }
    calls[handle]?.dialog.remoteSequence = request.cseq.number
    calls[handle]?.connection = path.connection
    if path.transport.isReliable { follow(handle, request, from: path) }
    if request.method == .bye {
      respond(key, request, 200, at: now)
      closeOpenRequest(handle, 487, at: now)
      if call.transfer?.isTaken == true { endTransfer(handle, .handedOver) }
      forget(handle, .remoteHangUp)
      return
    }
    guard call.phase != .ending else {
      respond(key, request, request.method == .notify ? 200 : 481, at: now)
      return
    }
    switch request.method {
    case .invite, .update: receivedOffer(request, key, call, from: path, at: now)
    case .info: receivedInfo(request, key, handle, at: now)
    case .notify: receivedNotify(request, key, call, at: now)
    case .options:
      respond(key, request, 200, at: now, headers: [(.allow, Self.allow), (.accept, BodyParts.accepted)])
    default: respond(key, request, 481, at: now)
    }
  }

  private mutating func receivedOffer(
    _ request: SIPRequest, _ key: TransactionKey, _ call: CallState, from path: TransportPath, at now: Duration
  ) {
    let isUpdate = request.method == .update
    let plain = isUpdate && request.body.isEmpty
    // One offer at a time (RFC 3261 section 14.2, RFC 3311 section 5.2): ours outstanding is 491, theirs is 500.
    if !plain {
      if call.open != nil {
        respond(key, request, 500, at: now, headers: [(.retryAfter, "3")])
        return
      }
      if call.unacknowledged != nil || call.takingUp != nil || call.phase != .confirmed {
        respond(key, request, 491, at: now)
        return
      }
    }
    var moved = call.dialog
    moved.refreshTarget(request.headers)
    guard !moved.asksForTLS else {
      refuseForTLS(request, key, at: now)
      return
    }
    guard case .success(let timer) = readSessionTimer(request, key, at: now) else { return }
    var offer: SessionDescription?
    if !plain {
      guard case .success(let found) = readOffer(request, key, at: now) else { return }
      offer = found
    }
    refreshTarget(call.handle, request.headers)
    follow(call.handle, request, from: path)
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

  mutating func refreshTarget(_ handle: CallHandle, _ headers: HeaderFields) {
    change(handle) { $0.refreshTarget(headers) }
  }

  private mutating func follow(_ handle: CallHandle, _ request: SIPRequest, from path: TransportPath) {
    change(handle) { $0.follow(request, from: path) }
  }

  /// Changes where a dialog's requests go, and says so when they do go elsewhere now, for a later process.
  private mutating func change(_ handle: CallHandle, _ step: (inout DialogIdentity) -> Void) {
    guard var dialog = calls[handle]?.dialog else { return }
    let before = dialog
    step(&dialog)
    calls[handle]?.dialog = dialog
    if dialog.remoteTarget != before.remoteTarget || dialog.sourcePath != before.sourcePath {
      notify(.dialogChanged(handle, dialog))
    }
  }

  /// We have no TLS, and what asks for it does not go in clear (RFC 5630 section 5.1.2.2).
  mutating func refuseForTLS(_ request: SIPRequest, _ key: TransactionKey, at now: Duration) {
    respond(key, request, 480, at: now, headers: [warning(SIPWarning(380, "SIPS Not Allowed"))])
  }

  func warning(_ warning: SIPWarning) -> (HeaderName, String) {
    (.warning, "\(warning.code) \(advertised.asURIHost) \(HeaderText.quoted(warning.text))")
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
      if case .description(let octets) = BodyParts.content(of: ack.headers, ack.body) {
        answer = try? SessionDescription(parsing: octets)
      }
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
    if let signal, Self.flashes.contains(signal.lowercased()) {
      respond(key, request, 200, at: now)
      return
    }
    guard let signal, let first = signal.first,
      let digit = signal.count == 1 ? TelephoneDigit(first) : Self.code(signal)
    else {
      respond(key, request, 400, at: now)
      return
    }
    // 503 to an INFO ends nothing but its transaction (RFC 5057 section 5.1).
    respond(key, request, 200, at: now)
    notify(.digit(handle, digit))
  }

  /// A pressed hook, which is no key.
  private static let flashes: Set<String> = ["16", "hf", "!", "flash"]

  /// Some peers send the event codes 10 and 11 for star and pound.
  private static func code(_ text: String) -> TelephoneDigit? {
    text.decimal(upTo: 15).flatMap { TelephoneDigit(rawValue: UInt8($0)) }
  }
}
