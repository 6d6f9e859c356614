extension UserAgent {
  func transport(of handle: CallHandle) -> SIPTransport { calls[handle]?.dialog.nextHop?.transport ?? .udp }

  /// 200 to the request that waits for the application; to an INVITE it is repeated until ACK on every transport
  /// (RFC 3261 section 13.3.1.4).
  mutating func accept(_ handle: CallHandle, _ description: SessionDescription, at now: Duration) {
    guard let call = calls[handle], let open = call.open, call.phase != .ending, !call.hangUpWhenConfirmed else {
      return
    }
    calls[handle]?.open = nil
    invites[open.key] = nil
    out.append(.cancelTimer(.setup(handle)))
    let headers: [(HeaderName, String)] =
      [
        (.contact, contact(transport(of: handle))), (.allow, Self.allow), (.supported, Self.supported),
      ] + sessionHeaders(open.sessionTimer, open.request)
    let response = makeResponse(
      open.request, 200, tag: call.dialog.local.tag, headers: headers, body: description.encoded())
    if open.request.method == .invite {
      let isFirst = call.phase == .ringing
      if isFirst { calls[handle]?.phase = .answered }
      calls[handle]?.unacknowledged = .init(
        key: open.key, response: response, interval: configuration.timing.t1, awaitsAnswer: !open.hasOffer,
        isFirst: isFirst)
      out += [
        .setTimer(.answer(handle), after: configuration.timing.t1),
        .setTimer(.acknowledgement(handle), after: configuration.timing.limit),
      ]
    }
    startSession(handle, open.sessionTimer)
    run(layer.respond(open.key, response), at: now)
  }

  mutating func repeatAnswer(_ handle: CallHandle, at now: Duration) {
    guard var waiting = calls[handle]?.unacknowledged else { return }
    waiting.interval = min(waiting.interval * 2, configuration.timing.t2)
    calls[handle]?.unacknowledged = waiting
    out.append(.setTimer(.answer(handle), after: waiting.interval))
    run(layer.respond(waiting.key, waiting.response), at: now)
  }

  mutating func acknowledgementMissed(_ handle: CallHandle, at now: Duration) {
    guard let call = calls[handle], call.unacknowledged != nil else { return }
    sendBye(handle, call.hangUpWhenConfirmed ? .localHangUp : .notAcknowledged, at: now)
  }

  mutating func setupExpired(_ handle: CallHandle, at now: Duration) {
    guard let call = calls[handle], call.open != nil else { return }
    if call.phase == .ringing {
      refuseInitial(handle, 480, .rejected(480), at: now)
    } else {
      closeOpenRequest(handle, 500, at: now)
      notify(.offerWithdrawn(handle))
    }
  }

  /// Ends a confirmed call. The dialog stays until the BYE is answered, so that a crossing BYE finds it.
  mutating func sendBye(_ handle: CallHandle, _ end: CallEnd, at now: Duration) {
    guard let call = calls[handle], call.phase != .ending else { return }
    closeOpenRequest(handle, 487, at: now)
    if let transfer = call.transfer, !transfer.isOver { endTransfer(handle, .callerLeft) }
    stopTimers(handle)
    abandonRequests(handle)
    calls[handle]?.phase = .ending
    notify(.ended(handle, end))
    if !sendInDialog(.bye, handle, .bye(handle), at: now) { forget(handle, nil) }
  }

  // MARK: Session timers (RFC 4028)

  /// What the peer asks for; answers with 422 when the interval is below the least allowed.
  mutating func readSessionTimer(_ request: SIPRequest, _ key: TransactionKey, at now: Duration)
    -> Reading<CallState.SessionTimer?>
  {
    guard let text = request.headers[.sessionExpires],
      request.headers.lists(.supported, "timer") || request.headers.lists(.require, "timer")
    else { return .success(nil) }
    guard let (seconds, refresher) = Self.sessionInterval(text) else {
      respond(key, request, 400, at: now)
      return .answered
    }
    guard seconds >= Self.leastSession else {
      respond(key, request, 422, at: now, headers: [(.minSessionExpires, String(Self.leastSession))])
      return .answered
    }
    let weRefresh = refresher?.equalsIgnoringCase("uas") ?? false
    let canRefresh = request.headers.lists(.allow, "UPDATE")
    if weRefresh, !canRefresh { return .success(nil) }
    return .success(.init(interval: seconds, weRefresh: weRefresh))
  }

  /// The least interval of a session that anybody may ask for (RFC 4028 section 4).
  static let leastSession = 90

  /// Seconds and refresher of a Session-Expires.
  static func sessionInterval(_ text: String) -> (Int, refresher: String?)? {
    var scanner = Scanner(text)
    scanner.skipSpace()
    guard let seconds = scanner.take(while: \.isDigit)?.decimal(upTo: 604_800),
      let parameters = HeaderText.parameters(&scanner)
    else { return nil }
    return (Int(seconds), parameters["refresher"])
  }

  func sessionHeaders(_ timer: CallState.SessionTimer?, _ request: SIPRequest) -> [(HeaderName, String)] {
    guard let timer else { return [] }
    let refresher = timer.weRefresh ? "uas" : "uac"
    let header = (HeaderName.sessionExpires, "\(timer.interval);refresher=\(refresher)")
    return timer.weRefresh ? [header] : [header, (.require, "timer")]
  }

  mutating func startSession(_ handle: CallHandle, _ timer: CallState.SessionTimer?) {
    if calls[handle]?.session != nil, timer == nil { out.append(.cancelTimer(.session(handle))) }
    calls[handle]?.session = timer
    guard let timer else { return }
    let wait = timer.weRefresh ? timer.interval / 2 : timer.interval - min(32, timer.interval / 3)
    out.append(.setTimer(.session(handle), after: .seconds(wait)))
  }

  mutating func sessionDue(_ handle: CallHandle, at now: Duration) {
    guard let call = calls[handle], let timer = call.session, call.phase != .ending else { return }
    guard timer.weRefresh else {
      if call.phase == .confirmed { sendBye(handle, .sessionExpired, at: now) }
      return
    }
    startSession(handle, timer)
    guard call.phase == .confirmed else { return }
    let headers: [(HeaderName, String)] = [
      (.contact, contact(transport(of: handle))), (.supported, "timer"),
      (.sessionExpires, "\(timer.interval);refresher=uac"),
    ]
    sendInDialog(.update, handle, .refresh(handle), headers: headers, at: now)
  }
}
