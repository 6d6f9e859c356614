extension UserAgent {
  /// Whether the address is on the list.
  func isTrusted(_ path: TransportPath) -> Bool {
    guard let address = IPAddress(path.host) else { return false }
    return configuration.access.trusted.contains { $0.contains(address) }
  }

  private func belongsToDialog(_ request: SIPRequest) -> Bool {
    guard let tag = request.to.tag else { return false }
    return handles[DialogKey(callID: request.callID, localTag: tag, remoteTag: request.from.tag ?? "")] != nil
      || precedesAnswer(request)
  }

  /// Whether a request may reach the transactions: known ones always, new ones by address list and rate.
  mutating func admit(_ request: SIPRequest, from path: TransportPath, at now: Duration) -> Bool {
    if layer.knows(request) || belongsToDialog(request) { return true }
    let trusted = isTrusted(path)
    if !trusted {
      if case .drop = configuration.access.strangers {
        notify(.refused(.stranger, source: path))
        return false
      }
    }
    guard withinRate(path, trusted: trusted, at: now) else {
      notify(.refused(.rate, source: path))
      return false
    }
    if !trusted, case .forbid = configuration.access.strangers {
      if request.method != .ack { sendStateless(makeResponse(request, 403, tag: nil, headers: []), from: path) }
      notify(.refused(.stranger, source: path))
      return false
    }
    return true
  }

  private mutating func withinRate(_ path: TransportPath, trusted: Bool, at now: Duration) -> Bool {
    guard let address = IPAddress(path.host) else { return false }
    return trusted ? trustedLimiter.admit(address, at: now) : strangerLimiter.admit(address, at: now)
  }

  /// A broken message is answered under the same rules as a whole one.
  mutating func refuse(_ failure: SIPParseFailure, from path: TransportPath, at now: Duration) {
    notify(.refused(.malformed, source: path))
    let trusted = isTrusted(path)
    if !trusted, case .drop = configuration.access.strangers { return }
    guard var refusal = failure.refusal, withinRate(path, trusted: trusted, at: now) else { return }
    refusal.tag(tokens.next())
    TransactionLayer.mark(&refusal.via, path: path)
    out.append(.refuse(refusal, to: TransactionLayer.replyPath(refusal.via, from: path)))
  }

  private mutating func sendStateless(_ response: SIPResponse, from path: TransportPath) {
    out.append(
      .send(.response(response), to: TransactionLayer.replyPath(response.vias.first, from: path), transaction: nil))
  }

  /// Digest of an INVITE from outside the list: the user, or nil after a 401 was sent.
  mutating func authenticate(_ request: SIPRequest, _ key: TransactionKey, from path: TransportPath, at now: Duration)
    -> String?
  {
    guard var server = digest else { return nil }
    let verdict = server.verify(request, at: now, hashes: configuration.hashes)
    guard case .challenge(let stale) = verdict else {
      digest = server
      if case .accepted(let user) = verdict { return user }
      return nil
    }
    let challenges = server.challenge(nonce: tokens.next(), stale: stale, at: now)
    digest = server
    if request.headers.has(.authorization), !stale { notify(.refused(.authentication, source: path)) }
    respond(key, request, 401, at: now, headers: challenges.map { (.wwwAuthenticate, $0) })
    return nil
  }
}
