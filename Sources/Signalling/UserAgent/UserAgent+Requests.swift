extension UserAgent {
  /// A new request, or an ACK of a 2xx (then without key).
  mutating func received(_ request: SIPRequest, _ key: TransactionKey?, from path: TransportPath, at now: Duration) {
    guard let key else {
      acknowledged(request, at: now)
      return
    }
    if request.method == .cancel {
      cancelled(request, key, at: now)
      return
    }
    guard Self.methods.contains(request.method), request.method != .ack else {
      let known = SIPMethod.registered.contains(request.method)
      respond(key, request, known ? 405 : 501, at: now, headers: [(.allow, Self.allow)])
      return
    }
    guard request.uri.map({ !$0.isSecure }) ?? CalledNumber.isTelephone(request.uriText) else {
      respond(key, request, 416, at: now)
      return
    }
    let required = request.headers.values(.require) ?? []
    let unknown = required.filter { token in !Self.requirable.contains { $0.equalsIgnoringCase(token) } }
    guard unknown.isEmpty else {
      respond(key, request, 420, at: now, headers: [(.unsupported, unknown.joined(separator: ", "))])
      return
    }
    if let tag = request.to.tag {
      let dialog = DialogKey(callID: request.callID, localTag: tag, remoteTag: request.from.tag ?? "")
      guard let handle = handles[dialog] else {
        // What overtakes the 2xx of our INVITE meets our offer outstanding (RFC 3261 section 14.2).
        let isGlare = precedesAnswer(request) && (request.method == .invite || request.method == .update)
        respond(key, request, isGlare ? 491 : 481, at: now)
        return
      }
      receivedInDialog(request, key, handle, from: path, at: now)
      return
    }
    switch request.method {
    case .invite: receivedInvite(request, key, from: path, at: now)
    case .options: receivedOptions(request, key, at: now)
    default: respond(key, request, 481, at: now)
    }
  }

  private mutating func receivedOptions(_ request: SIPRequest, _ key: TransactionKey, at now: Duration) {
    var headers: [(HeaderName, String)] = [
      (.allow, Self.allow), (.accept, BodyParts.accepted), (.supported, Self.supported),
    ]
    if isDraining { headers.append((.retryAfter, String(configuration.retryAfter))) }
    respond(key, request, isDraining ? 503 : 200, at: now, headers: headers)
  }

  private mutating func receivedInvite(
    _ request: SIPRequest, _ key: TransactionKey, from path: TransportPath, at now: Duration
  ) {
    var user: String?
    if !isTrusted(path) {
      guard let found = authenticate(request, key, from: path, at: now) else { return }
      user = found
    }
    let merge = MergeKey(request)
    guard merges[merge] == nil else {
      respond(key, request, 482, at: now)
      return
    }
    guard !isDraining, callCount < configuration.maximumCalls else {
      notify(.refused(isDraining ? .draining : .capacity, source: path))
      respond(key, request, 503, at: now, headers: [(.retryAfter, String(configuration.retryAfter))])
      return
    }
    let tag = tokens.next()
    guard let dialog = DialogIdentity(accepting: request, localTag: tag, from: path) else {
      respond(key, request, 400, at: now)
      return
    }
    guard !dialog.asksForTLS, reaches(dialog.nextHop) else {
      refuseForTLS(request, key, at: now)
      return
    }
    guard case .success(let offer) = readOffer(request, key, at: now),
      case .success(let timer) = readSessionTimer(request, key, at: now)
    else { return }
    let handle = newHandle()
    var call = CallState(handle: handle, merge: merge, dialog: dialog)
    call.open = .init(key: key, request: request, hasOffer: offer != nil, sessionTimer: timer)
    call.trust = user == nil ? .agent : .none
    (call.source, call.connection) = (IPAddress(path.host), path.connection)
    calls[handle] = call
    handles[dialog.key] = handle
    merges[merge] = handle
    invites[key] = handle
    respond(key, request, 100, at: now)
    out.append(.setTimer(.setup(handle), after: configuration.setupLimit))
    notify(
      .incoming(
        handle,
        IncomingCall(
          requestURI: request.uriText, from: request.from, to: request.to, offer: offer, source: path, user: user,
          dialog: dialog, headers: request.headers)))
  }

  enum Reading<Value> { case success(Value), answered }

  /// The session description of a request; answers it when it cannot be used.
  mutating func readOffer(_ request: SIPRequest, _ key: TransactionKey, at now: Duration)
    -> Reading<SessionDescription?>
  {
    if let accept = request.headers.values(.accept), !accept.isEmpty,
      !accept.contains(where: { kind in
        ["application/sdp", "application/*", "*/*"].contains { kind.lowercased().hasPrefix($0) }
      })
    {
      respond(key, request, 406, at: now)
      return .answered
    }
    switch BodyParts.content(of: request.headers, request.body) {
    case .none, .foreign(isOptional: true): return .success(nil)
    case .foreign(isOptional: false): respond(key, request, 415, at: now, headers: [(.accept, BodyParts.accepted)])
    case .compressed: respond(key, request, 415, at: now, headers: [(.acceptEncoding, "identity")])
    case .description(let octets):
      do throws(SignallingError) {
        return .success(try SessionDescription(parsing: octets))
      } catch {
        respond(key, request, error.kind == .tooLarge ? 513 : 400, at: now)
      }
    }
    return .answered
  }

  private mutating func cancelled(_ request: SIPRequest, _ key: TransactionKey, at now: Duration) {
    let invite = TransactionKey(cancelledBy: request)
    guard layer.isAlive(invite) else {
      respond(key, request, 481, at: now)
      return
    }
    let handle = invites[invite]
    respond(key, request, 200, tag: handle.flatMap { calls[$0]?.dialog.local.tag }, at: now)
    guard let handle, let call = calls[handle], let open = call.open, open.key == invite else { return }
    if call.phase == .ringing {
      refuseInitial(handle, 487, .cancelled, at: now)
    } else {
      closeOpenRequest(handle, 487, at: now)
      notify(.offerWithdrawn(handle))
    }
  }

  /// Ends a call that was not answered.
  mutating func refuseInitial(
    _ handle: CallHandle, _ status: Int, _ end: CallEnd, warning: SIPWarning? = nil, at now: Duration
  ) {
    closeOpenRequest(handle, status, warning: warning, at: now)
    forget(handle, end)
  }

  /// Answers the request that waits for the application with a failure.
  mutating func closeOpenRequest(
    _ handle: CallHandle, _ status: Int, warning: SIPWarning? = nil, at now: Duration
  ) {
    guard let call = calls[handle], let open = call.open else { return }
    calls[handle]?.open = nil
    invites[open.key] = nil
    out.append(.cancelTimer(.setup(handle)))
    var headers: [(HeaderName, String)] = status == 503 ? [(.retryAfter, String(configuration.retryAfter))] : []
    if let warning { headers.append(self.warning(warning)) }
    respond(open.key, open.request, status, tag: call.dialog.local.tag, at: now, headers: headers)
  }

  /// Drops a call with its timers and tells the application once.
  mutating func forget(_ handle: CallHandle, _ end: CallEnd?) {
    guard let call = calls[handle] else { return }
    if let transfer = call.transfer, !transfer.isOver { endTransfer(handle, .callerLeft) }
    stopTimers(handle)
    abandonRequests(handle)
    if let open = call.open { invites[open.key] = nil }
    calls[handle] = nil
    handles[call.dialog.key] = nil
    if let merge = call.merge { merges[merge] = nil }
    if let end, call.phase != .ending { notify(.ended(handle, end)) }
  }

  mutating func stopTimers(_ handle: CallHandle) {
    guard let call = calls[handle] else { return }
    if call.unacknowledged != nil { out += [.cancelTimer(.answer(handle)), .cancelTimer(.acknowledgement(handle))] }
    if call.session != nil { out.append(.cancelTimer(.session(handle))) }
    if call.open != nil { out.append(.cancelTimer(.setup(handle))) }
    if call.takingUp != nil { out.append(.cancelTimer(.offer(handle))) }
    calls[handle]?.unacknowledged = nil
    calls[handle]?.session = nil
    calls[handle]?.takingUp = nil
  }
}
