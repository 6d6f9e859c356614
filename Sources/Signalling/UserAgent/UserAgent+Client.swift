extension UserAgent {
  /// A request of ours with a Via of a new branch, and our product.
  mutating func stamped(_ request: SIPRequest, for path: TransportPath) -> SIPRequest {
    var request = request
    let endpoint =
      configuration.endpoints[path.transport] ?? LocalEndpoint(host: "invalid", port: path.transport.defaultPort)
    let branch = Via.cookie + tokens.next()
    request.vias = [Via(transport: path.transport, host: endpoint.host, port: endpoint.port, branch: branch)]
    if request.headers[.userAgent] == nil, let product = configuration.product {
      request.headers.add(.userAgent, product)
    }
    return request
  }

  /// Sends a request of ours in a transaction of its own.
  mutating func send(
    _ request: SIPRequest, to path: TransportPath, or otherPath: TransportPath? = nil,
    _ purpose: ClientRequest.Purpose, isRepeated: Bool = false, at now: Duration
  ) {
    let request = stamped(request, for: path)
    let (key, actions) = layer.send(request, to: path)
    if let key {
      clients[key] = ClientRequest(
        purpose: purpose, request: request, path: path, otherPath: otherPath, isRepeated: isRepeated)
    }
    run(actions, at: now)
  }

  /// Sends a request that could not leave to its other path, as a new transaction.
  mutating func sendElsewhere(_ key: TransactionKey, at now: Duration) -> Bool {
    guard let client = clients[key], let path = client.otherPath else { return false }
    clients[key] = nil
    send(client.request, to: path, client.purpose, isRepeated: client.isRepeated, at: now)
    return true
  }

  /// Sends a request inside a dialog.
  /// - Returns: false when the peer's target is unusable.
  @discardableResult
  mutating func sendInDialog(
    _ method: SIPMethod, _ handle: CallHandle, _ purpose: ClientRequest.Purpose, headers: [(HeaderName, String)] = [],
    at now: Duration
  ) -> Bool {
    guard var dialog = calls[handle]?.dialog, let path = dialog.nextHop, reaches(path), !dialog.asksForTLS else {
      return false
    }
    var request = dialog.makeRequest(method)
    for (name, value) in headers { request.headers.add(name, value) }
    calls[handle]?.dialog = dialog
    send(request, to: path, or: dialog.otherHop, purpose, at: now)
    return true
  }

  /// Stops repeating REFER, UPDATE and re-INVITE of a call that is over.
  mutating func abandonRequests(_ handle: CallHandle) {
    abandonOffer(handle)
    for (key, client) in clients where client.purpose == .refer(handle) || client.purpose == .refresh(handle) {
      clients[key] = nil
      drop(key)
    }
  }

  /// Forgets a transaction of ours.
  mutating func drop(_ key: TransactionKey) {
    for action in layer.abandon(key) {
      if case .cancelTimer(let id) = action { out.append(.cancelTimer(.transaction(id))) }
    }
  }

  /// The final response of a request of ours, nil when none came; also a final answer of ours without ACK.
  mutating func finished(_ key: TransactionKey, _ response: SIPResponse?, at now: Duration) {
    guard let client = clients.removeValue(forKey: key) else { return }
    if case .registration(let id) = client.purpose {
      advance(id, at: now) { $0.finish(response, of: client.request.cseq.number, clientNonce: $1, hashes: $2) }
      return
    }
    if let response, response.status == 401 || response.status == 407, !client.isRepeated, isWanted(client),
      let challenge = DigestChallenge.strongest(in: response),
      let credentials = credentials(for: client, realm: challenge.realm)
    {
      repeatAuthorized(client, challenge, credentials, at: now)
      return
    }
    switch client.purpose {
    case .bye(let handle): if let handle { forget(handle, nil) }
    case .refer(let handle):
      guard let response else { return endTransfer(handle, .timedOut) }
      if response.isSuccess {
        calls[handle]?.transfer?.isTaken = true
      } else {
        endTransfer(handle, by: response.status)
      }
    case .refresh(let handle):
      if let response, response.isSuccess { refreshTarget(handle, response.headers) }
      // Only these mean that the session is gone (RFC 4028 section 10); others are tried again at the next interval.
      if response == nil || response?.status == 481 || response?.status == 408 {
        sendBye(handle, .sessionExpired, at: now)
      }
    case .offer(let handle, let dialog): offerFinished(handle, dialog, client, key, response, at: now)
    case .ping(let id): notify(.pong(id: id, status: response?.status))
    case .registration: break
    }
  }

  /// Whether anybody waits for what comes of a request: behind a BYE no offer is made again.
  private func isWanted(_ client: ClientRequest) -> Bool {
    guard case .offer(let handle, _) = client.purpose else { return true }
    return calls[handle]?.takingUp != nil
  }

  private mutating func repeatAuthorized(
    _ client: ClientRequest, _ challenge: DigestChallenge, _ credentials: DigestCredentials, at now: Duration
  ) {
    var request = client.request
    request.cseq.number += 1
    switch client.purpose {
    case .bye(let handle?), .refer(let handle), .refresh(let handle), .offer(let handle, _):
      guard var dialog = calls[handle]?.dialog else { return }
      dialog.leap(1)
      request.cseq.number = dialog.localSequence
      calls[handle]?.dialog = dialog
      if case .refer = client.purpose { calls[handle]?.transfer?.sequence = dialog.localSequence }
    default: break
    }
    challenge.authorize(
      &request, as: credentials, count: 1, clientNonce: tokens.next(), hashes: configuration.hashes)
    send(request, to: client.path, or: client.otherPath, client.purpose, isRepeated: true, at: now)
  }

  /// Whose password answers a challenge: the one of the registration whose registrar sent it or whose realm it names, else of
  /// the only registration. A caller who is no trusted trunk is given none: its challenge would be a way to guess at one.
  /// Whom we called is given what its call was placed with.
  private func credentials(for client: ClientRequest, realm: String) -> DigestCredentials? {
    switch client.purpose {
    case .bye(let handle?), .refer(let handle), .refresh(let handle), .offer(let handle, _):
      switch calls[handle]?.trust {
      case .agent: break
      case .dialled(let credentials): return credentials?.answering(realm)
      case .none?, nil: return nil
      }
    case .bye(nil): guard isTrusted(client.path) else { return nil }
    case .registration, .ping: break
    }
    if let credentials = configuration.credentials { return credentials }
    let known = registrations.values.map(\.registration)
    let fitting = known.first { one in
      [one.registrar.host, one.addressOfRecord.host].contains { host in
        host.equalsIgnoringCase(realm) || host.withoutBrackets.equalsIgnoringCase(client.path.host)
      }
    }
    return fitting?.credentials ?? (known.count == 1 ? known[0].credentials : nil)
  }

  // MARK: Registrations

  mutating func register(_ registration: Registration, at now: Duration) {
    guard registrations[registration.id] != nil || registrations.count < configuration.maximumRegistrations else {
      notify(.registration(id: registration.id, .failed(status: nil, retry: nil)))
      return
    }
    guard reaches(registration.registrar.destination) else {
      notify(.registration(id: registration.id, .failed(status: nil, retry: nil)))
      return
    }
    out.append(.cancelTimer(.registration(registration.id)))
    registrations[registration.id] = RegistrationMachine(
      registration, contact: contact(registration.registrar.transport), callID: tokens.next(), tag: tokens.next())
    refreshRegistration(registration.id, at: now)
  }

  mutating func refreshRegistration(_ id: String, at now: Duration) {
    advance(id, at: now) { $0.begin(clientNonce: $1, hashes: $2) }
  }

  mutating func unregister(_ id: String, at now: Duration) {
    out.append(.cancelTimer(.registration(id)))
    advance(id, at: now) { $0.leave(clientNonce: $1, hashes: $2) }
  }

  private mutating func advance(
    _ id: String, at now: Duration,
    _ step: (inout RegistrationMachine, String, DigestHashes) -> [RegistrationMachine.Step]
  ) {
    guard var machine = registrations[id] else { return }
    let steps = step(&machine, tokens.next(), configuration.hashes)
    registrations[id] = machine
    for step in steps {
      switch step {
      case .send(let request):
        guard let path = machine.registration.registrar.destination else { continue }
        send(request, to: path, .registration(id), at: now)
      case .wake(let after): out.append(.setTimer(.registration(id), after: after))
      case .tell(let state): notify(.registration(id: id, state))
      case .finished: registrations[id] = nil
      }
    }
  }
}
