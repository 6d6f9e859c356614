internal import Core

extension UserAgent {
  mutating func perform(_ command: UserAgentCommand, at now: Duration) {
    switch command {
    case .ring(let handle): ring(handle, at: now)
    case .answer(let handle, let description):
      if calls[handle]?.phase == .ringing { accept(handle, description, at: now) }
    case .reject(let handle, let status, let warning):
      guard calls[handle]?.phase == .ringing else { return }
      let final = (300..<700).contains(status) ? status : 480
      refuseInitial(handle, final, .rejected(final), warning: warning, at: now)
    case .acceptOffer(let handle, let description):
      if calls[handle]?.phase == .confirmed { accept(handle, description, at: now) }
    case .rejectOffer(let handle, let status):
      guard calls[handle]?.phase == .confirmed else { return }
      closeOpenRequest(handle, (400..<700).contains(status) ? status : 488, at: now)
    case .hangUp(let handle): hangUp(handle, at: now)
    case .dial(let handle, let invitation): dial(handle, invitation, at: now)
    case .refer(let handle, let target, let timeout): refer(handle, to: target, timeout: timeout, at: now)
    case .register(let registration): register(registration, at: now)
    case .unregister(let id): unregister(id, at: now)
    case .ping(let id, let uri): ping(id, uri, at: now)
    case .drain(let drains): isDraining = drains
    case .hangUpAll: hangUpAll(at: now)
    case .recoverBye(let dialog): recoverBye(dialog, at: now)
    case .withdraw(let invite): withdraw(invite, at: now)
    case .takeUp(let handle, let dialog, let local, let patience):
      takeUp(handle, dialog, local, patience: patience, at: now)
    }
  }

  private mutating func ring(_ handle: CallHandle, at now: Duration) {
    guard let call = calls[handle], call.phase == .ringing, let open = call.open else { return }
    // A peer that requires reliable provisional answers gets none at all, which RFC 3262 allows.
    guard !open.request.headers.lists(.require, "100rel") else { return }
    respond(
      open.key, open.request, 180, tag: call.dialog.local.tag, at: now,
      headers: [(.contact, contact(transport(of: handle)))])
  }

  private mutating func hangUp(_ handle: CallHandle, at now: Duration) {
    switch calls[handle]?.phase {
    case .ringing: refuseInitial(handle, 480, .rejected(480), at: now)
    // The callee's BYE has to wait for the ACK (RFC 3261 section 15).
    case .answered: calls[handle]?.hangUpWhenConfirmed = true
    case .confirmed: sendBye(handle, .localHangUp, at: now)
    case nil: giveUp(handle, .cancelled, at: now)
    case .ending: break
    }
  }

  private mutating func hangUpAll(at now: Duration) {
    isDraining = true
    for handle in calls.handles {
      if calls[handle]?.phase == .ringing {
        refuseInitial(handle, 503, .rejected(503), at: now)
      } else {
        sendBye(handle, .localHangUp, at: now)
      }
    }
    for handle in dials.keys.sorted(by: { $0.number < $1.number }) { giveUp(handle, .cancelled, at: now) }
  }

  private mutating func ping(_ id: String, _ uri: String, at now: Duration) {
    guard let target = SIPURI(uri), let path = target.destination, reaches(path) else {
      notify(.pong(id: id, status: nil))
      return
    }
    var headers = HeaderFields()
    headers.add(.maxForwards, "70")
    headers.add(.contact, contact(target.transport))
    let us = NameAddress(contact(target.transport))?.uriText ?? uri
    let request = SIPRequest(
      method: .options, uriText: uri, vias: [], from: NameAddress(uri: us, tag: tokens.next()),
      to: NameAddress(uri: uri), callID: tokens.next(), cseq: CSeq(1, .options), headers: headers)
    send(request, to: path, .ping(id), at: now)
  }

  mutating func recoverBye(_ dialog: DialogIdentity, at now: Duration) {
    var dialog = dialog.recovered
    guard let path = dialog.nextHop, reaches(path), !dialog.asksForTLS else { return }
    send(dialog.makeRequest(.bye), to: path, or: dialog.otherHop, .bye(nil), at: now)
  }

  // MARK: Transfer (RFC 3515)

  private mutating func refer(_ handle: CallHandle, to target: String, timeout: Duration, at now: Duration) {
    guard let call = calls[handle], call.phase == .confirmed, !call.hangUpWhenConfirmed, call.transfer?.isOver ?? true,
      let address = NameAddress("<\(target)>"), address.uri?.asksForTLS != true
    else {
      notify(.transferEnded(handle, .unreachable))
      return
    }
    calls[handle]?.transfer = .init(sequence: call.dialog.localSequence + 1)
    out.append(.setTimer(.transfer(handle), after: timeout))
    let headers: [(HeaderName, String)] = [
      (.contact, contact(transport(of: handle))), (.referTo, address.description),
      (.referredBy, "<\(call.dialog.local.uriText)>"),
    ]
    if !sendInDialog(.refer, handle, .refer(handle), headers: headers, at: now) { endTransfer(handle, .unreachable) }
  }

  /// NOTIFY of our REFER. It may come before the 202, so it is matched by the dialog, not by the response.
  mutating func receivedNotify(_ request: SIPRequest, _ key: TransactionKey, _ call: CallState, at now: Duration) {
    var scanner = Scanner(request.headers[.event] ?? "")
    guard scanner.token()?.equalsIgnoringCase("refer") == true, let parameters = HeaderText.parameters(&scanner) else {
      respond(key, request, 489, at: now, headers: [("Allow-Events", "refer")])
      return
    }
    guard let transfer = call.transfer else {
      respond(key, request, 481, at: now)
      return
    }
    respond(key, request, 200, at: now)
    guard !transfer.isOver else { return }
    if let id = parameters["id"], id.decimal(upTo: 0x7FFF_FFFF) != UInt64(transfer.sequence) { return }
    let state = request.headers[.subscriptionState]?.lowercased() ?? ""
    let line = String(decoding: request.body.prefix(256), as: UTF8.self).split(whereSeparator: \.isNewline).first
    let words = line?.split(separator: " ", maxSplits: 2)
    let status = words.flatMap { words -> Int? in
      guard words.count >= 2, words[0].equalsIgnoringCase("SIP/2.0") else { return nil }
      return words[1].decimal(upTo: 699).map { Int($0) }
    }
    calls[call.handle]?.transfer?.isTaken = true
    if let status, status >= 100 { notify(.transferProgress(call.handle, status: status)) }
    if let status, status >= 200 {
      endTransfer(call.handle, by: status)
    } else if state.hasPrefix("terminated") {
      endTransfer(call.handle, state.contains("timeout") ? .timedOut : .unreachable)
    }
  }

  /// Ends a transfer by a final status, which is told where it is no success.
  mutating func endTransfer(_ handle: CallHandle, by status: Int) {
    guard let transfer = calls[handle]?.transfer, !transfer.isOver else { return }
    if status >= 300 { notify(.finalStatus(handle, status)) }
    endTransfer(handle, ReferOutcome(status: status))
  }

  mutating func endTransfer(_ handle: CallHandle, _ outcome: ReferOutcome) {
    guard let transfer = calls[handle]?.transfer, !transfer.isOver else { return }
    calls[handle]?.transfer?.isOver = true
    out.append(.cancelTimer(.transfer(handle)))
    notify(.transferEnded(handle, outcome))
  }
}
