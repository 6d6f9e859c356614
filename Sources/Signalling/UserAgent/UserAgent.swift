internal import Core

/// A SIP user agent as one value: events in, actions out (RFC 3261). It answers and places calls, keeps their dialogs,
/// transfers by REFER, registers. No clock, no randomness, no I/O; one owner, not shared.
public struct UserAgent: Sendable {
  var configuration: UserAgentConfiguration
  var tokens: any TokenSource
  var layer: TransactionLayer
  var digest: DigestServer?
  var trustedLimiter: KindLimiter
  var strangerLimiter: KindLimiter
  var busyLimiter: RateLimiter
  var busyLimiterOfAll: RateLimiter
  var calls = CallTable()
  var handles: [DialogKey: CallHandle] = [:]
  var merges: [MergeKey: CallHandle] = [:]
  var invites: [TransactionKey: CallHandle] = [:]
  var clients: [TransactionKey: ClientRequest] = [:]
  var dials: [CallHandle: OutgoingCall] = [:]
  var placed: [TransactionKey: CallHandle] = [:]
  /// Of 2xx to re-INVITEs of ours, sent again whenever those are.
  var acknowledgements: [TransactionKey: OutgoingCall.Acknowledgement] = [:]
  var registrations: [String: RegistrationMachine] = [:]
  var isDraining = false
  var nextHandle: UInt64 = 1
  var out: [UserAgentAction] = []

  /// A request of ours that waits for its final response.
  struct ClientRequest: Sendable {
    enum Purpose: Hashable, Sendable {
      case bye(CallHandle?)
      case refer(CallHandle)
      case refresh(CallHandle)
      /// A re-INVITE of ours, with the dialog as it was then.
      case offer(CallHandle, DialogIdentity)
      case registration(String)
      case ping(String)
    }
    var purpose: Purpose
    var request: SIPRequest
    var path: TransportPath
    /// Tried when the path cannot be reached.
    var otherPath: TransportPath?
    var isRepeated = false
  }

  static let methods: [SIPMethod] = [.invite, .ack, .bye, .cancel, .options, .info, .update, .notify]
  /// What a peer may require. 100rel is kept by sending no provisional answer but 100.
  static let requirable = ["timer", "100rel"]
  static let supported = "timer"

  /// A user agent without calls.
  public init(_ configuration: UserAgentConfiguration, tokens: any TokenSource) {
    self.configuration = configuration
    self.tokens = tokens
    layer = TransactionLayer(timing: configuration.timing, capacity: configuration.maximumTransactions)
    if case .authenticate(let server) = configuration.access.strangers { digest = server }
    trustedLimiter = KindLimiter { _ in configuration.access.trustedRate }
    strangerLimiter = KindLimiter { _ in configuration.access.strangerRate }
    busyLimiter = RateLimiter(rate: configuration.access.busyRate)
    busyLimiterOfAll = RateLimiter(rate: configuration.access.busyRateOfAll)
  }

  /// Calls alive, those being placed or ended included.
  public var callCount: Int { calls.count + openDials }
  /// Whether a registrar that answers is being told that we go, and has not said so yet.
  public var isUnregistering: Bool { registrations.values.contains(where: \.awaitsFarewell) }
  /// Transactions alive.
  public var transactionCount: Int { layer.count }
  /// The address that peers are told.
  public var advertised: String { configuration.endpoints.values.first?.host ?? "invalid" }
  /// The stream connections that calls came over.
  public var connections: Set<UInt64> { calls.connections }
  /// The dialog of a call that is alive.
  public func dialog(of call: CallHandle) -> DialogIdentity? { calls[call]?.dialog }

  /// Takes one event.
  /// - Parameter now: the shell's monotonic clock, of any origin.
  /// - Returns: what to do, in order.
  public mutating func handle(_ event: UserAgentEvent, at now: Duration) -> [UserAgentAction] {
    out = []
    switch event {
    case .received(.request(let request), let path):
      if let room = admit(request, from: path, at: now) {
        run(layer.receive(.request(request), from: path, room: room), at: now)
      }
    case .received(.response(let response), let path): run(layer.receive(.response(response), from: path), at: now)
    case .malformed(let failure, let path): refuse(failure, from: path, at: now)
    case .timerFired(let timer): fired(timer, at: now)
    case .transportFailed(let key): run(layer.transportFailed(key), at: now)
    case .command(let command): perform(command, at: now)
    }
    defer { out = [] }
    return out
  }

  mutating func notify(_ notice: UserAgentNotice) { out.append(.notify(notice)) }

  /// Carries out what the transaction layer wants.
  mutating func run(_ actions: [TransactionLayer.Action], at now: Duration) {
    for action in actions {
      switch action {
      case .send(let message, let path, let key): out.append(.send(message, to: path, transaction: key))
      case .setTimer(let id, let after): out.append(.setTimer(.transaction(id), after: after))
      case .cancelTimer(let id): out.append(.cancelTimer(.transaction(id)))
      case .request(let request, let key, let path): received(request, key, from: path, at: now)
      case .overflow(let request, let path): sayLater(request, 503, from: path)
      case .response(let response, let key):
        if let handle = placed[key] {
          dialled(handle, response, at: now)
        } else if let ack = acknowledgements[key] {
          out.append(.send(.request(ack.request), to: ack.path, transaction: nil))
        } else if response.isFinal {
          finished(key, response, at: now)
        }
      case .timedOut(let key):
        if let handle = placed[key] { endDial(handle, .noAnswer) } else { finished(key, nil, at: now) }
      case .transportFailed(let key):
        if let handle = placed[key] { endDial(handle, .unreachable) }
        if let handle = invites[key], calls[handle]?.phase == .ringing { forget(handle, .cancelled) }
        if !sendElsewhere(key, at: now) { finished(key, nil, at: now) }
      case .terminated(let key):
        acknowledgements[key] = nil
        if let handle = placed[key] { endDial(handle, nil) }
      }
    }
  }

  private mutating func fired(_ timer: UserAgentTimer, at now: Duration) {
    switch timer {
    case .transaction(let id): run(layer.fired(id), at: now)
    case .answer(let handle): repeatAnswer(handle, at: now)
    case .acknowledgement(let handle): acknowledgementMissed(handle, at: now)
    case .setup(let handle): setupExpired(handle, at: now)
    case .dial(let handle): dialDue(handle, at: now)
    case .transfer(let handle): endTransfer(handle, .timedOut)
    case .offer(let handle): offerDue(handle, at: now)
    case .session(let handle): sessionDue(handle, at: now)
    case .registration(let id): refreshRegistration(id, at: now)
    }
  }

  /// Answers a request: adds our tag and product, and gives it to its transaction.
  mutating func respond(
    _ key: TransactionKey, _ request: SIPRequest, _ status: Int, tag: String? = nil, at now: Duration,
    headers: [(HeaderName, String)] = [], body: [UInt8] = []
  ) {
    run(layer.respond(key, makeResponse(request, status, tag: tag, headers: headers, body: body)), at: now)
  }

  mutating func makeResponse(
    _ request: SIPRequest, _ status: Int, tag: String?, headers: [(HeaderName, String)], body: [UInt8] = []
  ) -> SIPResponse {
    let needsTag = status > 100 && request.to.tag == nil
    var response = request.response(status, toTag: needsTag ? (tag ?? tokens.next()) : nil)
    for route in request.headers.lines(.recordRoute) where status > 100 && status < 300 {
      response.headers.add(.recordRoute, route)
    }
    if let product = configuration.product { response.headers.add("Server", product) }
    for (name, value) in headers { response.headers.add(name, value) }
    if !body.isEmpty { response.headers.add(.contentType, "application/sdp") }
    response.body = body
    return response
  }

  /// Whether there is a transport for a path: there is none for TLS, and nothing that asks for it goes in clear.
  func reaches(_ path: TransportPath?) -> Bool { path.map { configuration.endpoints[$0.transport] != nil } ?? false }

  /// Our Contact on a transport.
  func contact(_ transport: SIPTransport) -> String {
    guard let endpoint = configuration.endpoints[transport] ?? configuration.endpoints.values.first else {
      return "<sip:\(configuration.contactUser)@invalid>"
    }
    let parameter = transport == .udp ? "" : ";transport=\(transport.rawValue.lowercased())"
    return "<sip:\(configuration.contactUser)@\(endpoint.host.asURIHost):\(endpoint.port)\(parameter)>"
  }

  static var allow: String { methods.map(\.rawValue).joined(separator: ", ") }
}
