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

  /// Whether a CANCEL ends what is there.
  private func cancelsSomething(_ request: SIPRequest) -> Bool {
    request.method == .cancel && layer.isAlive(TransactionKey(cancelledBy: request))
  }

  /// How far a request may fill the transactions, nil when it may not reach them: known ones always do, new ones by address list and
  /// rate.
  mutating func admit(_ request: SIPRequest, from path: TransportPath, at now: Duration) -> TransactionLayer.Room? {
    if layer.knows(request) || belongsToDialog(request) || cancelsSomething(request) { return .all }
    let trusted = isTrusted(path)
    if !trusted {
      if case .drop = configuration.access.strangers {
        notify(.refused(.stranger, source: path))
        return nil
      }
    }
    // One of no call: of an answer that left without a transaction, most likely.
    let isACK = request.method == .ack
    guard isACK || withinRate(MessageKind(request.method), path, trusted: trusted, at: now) else {
      notify(.refused(.rate, source: path))
      sayBusy(request, from: path, at: now)
      return nil
    }
    if !trusted, case .forbid = configuration.access.strangers {
      if !isACK { sendStateless(request, 403, from: path) }
      notify(.refused(.stranger, source: path))
      return nil
    }
    guard request.method == .invite else { return isACK ? nil : .half }
    guard request.to.tag == nil, let status = refusalByShare(path) else { return .most }
    notify(.refused(.share, source: path))
    sayLater(request, status, from: path)
    return nil
  }

  private func refusalByShare(_ path: TransportPath) -> Int? {
    guard let address = IPAddress(path.host) else { return nil }
    return configuration.shares.refusal(of: address, having: calls.standing(of: address))
  }

  private mutating func withinRate(
    _ kind: MessageKind, _ path: TransportPath, trusted: Bool, at now: Duration
  ) -> Bool {
    guard let address = IPAddress(path.host) else { return false }
    return trusted
      ? trustedLimiter.admit(kind, of: address, at: now) : strangerLimiter.admit(kind, of: address, at: now)
  }

  /// Tells whoever wants to talk that they were heard and when to come again, as far as the allowance for it lasts. The answer goes
  /// to the address that the request came from, and is never longer than it: there is nothing to gain by a forged one.
  private mutating func sayBusy(_ request: SIPRequest, from path: TransportPath, at now: Duration) {
    guard request.method == .invite, let address = IPAddress(path.host),
      busyLimiter.admit(address, at: now), busyLimiterOfAll.admit(IPAddress(v4: 0), at: now)
    else { return }
    sayLater(request, 503, upTo: request.leastOctets, from: path)
  }

  /// Refuses a request for which there is no room now, and keeps nothing of it.
  mutating func sayLater(_ request: SIPRequest, _ status: Int, upTo octets: Int = .max, from path: TransportPath) {
    sendStateless(
      request, status, headers: [(.retryAfter, String(configuration.retryAfter))], upTo: octets, from: path)
  }

  /// A broken message is answered under the same rules as a whole one.
  mutating func refuse(_ failure: SIPParseFailure, from path: TransportPath, at now: Duration) {
    notify(.refused(.malformed, source: path))
    let trusted = isTrusted(path)
    if !trusted, case .drop = configuration.access.strangers { return }
    guard var refusal = failure.refusal, withinRate(.other, path, trusted: trusted, at: now) else { return }
    refusal.tag(tokens.next())
    TransactionLayer.mark(&refusal.via, path: path)
    out.append(.refuse(refusal, to: TransactionLayer.replyPath(refusal.via, from: path)))
  }

  /// An answer of which nothing is kept: a repetition gets the same one (RFC 3261 section 8.2.7).
  private mutating func sendStateless(
    _ request: SIPRequest, _ status: Int, headers: [(HeaderName, String)] = [], upTo octets: Int = .max,
    from path: TransportPath
  ) {
    let tag = configuration.hashes.hex(.md5, "\(request.callID) \(request.vias.first?.branch ?? "")").prefix(16)
    var response = makeResponse(request, status, tag: String(tag), headers: headers)
    if !response.vias.isEmpty { TransactionLayer.mark(&response.vias[0], path: path) }
    guard SIPMessage.response(response).encoded().count <= octets else { return }
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
