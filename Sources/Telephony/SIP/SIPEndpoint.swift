internal import Core
public import Logging
internal import NIOCore
internal import NIOPosix
internal import Signalling

/// The SIP side of the server: sockets and timers under a `UserAgent`, and a line for each call, whoever placed it.
///
/// Isolation: the user agent lives on one signalling loop; calls' sockets live on the media loop of their call. Public
/// methods may be called from anywhere.
public final class SIPEndpoint: Sendable {
  /// Takes calls; returns at once. Answering, refusing and ending go through the line.
  public typealias Reception = @Sendable (ArrivingCall) -> Void

  let loop: any EventLoop
  private let media: any EventLoopGroup
  let configuration: TelephonyConfiguration
  let ports: MediaPorts
  private let logger: Logger
  let state: NIOLoopBoundBox<State?>

  /// What lives on the loop.
  final class State {
    let transports: SIPTransports
    var agent: UserAgent
    var timers: [UserAgentTimer: Scheduled<Void>] = [:]
    var lines: [CallHandle: SIPLine] = [:]
    var refused: [RefusalReason: Int] = [:]
    /// When the log was last told of calls beyond their address's share.
    var toldOfShare: NIODeadline?
    let reception: Reception
    let names: HostNames
    /// Resolved when the last call is gone and the last registrar has answered, while we stop.
    var emptied: EventLoopPromise<Void>?
    /// Whether callers had their time to answer our BYE.
    var callersHadTime = false
    let origin = NIODeadline.now()

    init(transports: SIPTransports, agent: UserAgent, names: HostNames, reception: @escaping Reception) {
      self.transports = transports
      self.agent = agent
      self.names = names
      self.reception = reception
    }

    var now: Duration { .nanoseconds((NIODeadline.now() - origin).nanoseconds) }
  }

  /// An endpoint; nothing is bound until `start`.
  ///
  /// - Parameter loops: one of the signalling group is taken; calls' audio is spread over the media group.
  public init(_ configuration: TelephonyConfiguration, loops: TelephonyLoops, logger: Logger) {
    self.configuration = configuration
    self.logger = logger
    media = loops.media
    loop = loops.signalling.next()
    ports = MediaPorts(configuration.mediaPorts)
    state = .makeBoxSendingValue(nil, eventLoop: loop)
  }

  /// Binds the sockets, begins to register and to take calls. Returns the port.
  public func start(_ reception: @escaping Reception) async throws -> UInt16 {
    let configuration = configuration
    try configuration.requireUsable()
    let advertised = try AdvertisedAddress.choose(configuration)
    do {
      return try await loop.flatSubmit { [self] in
        let gate = SourceGate(trusted: configuration.trusted, bounds: configuration.gate)
        let transports = SIPTransports(loop: loop, gate: gate, limits: configuration.streams)
        let bound = NIOLoopBound(transports, eventLoop: loop)
        return transports.bind(host: configuration.address, port: configuration.port).map { port in
          let agent = self.makeAgent(LocalEndpoint(host: advertised, port: port))
          let isV4 = IPAddress(advertised)?.isV4 ?? true
          let state = State(
            transports: bound.value, agent: agent, names: HostNames(loop: self.loop, isV4: isV4), reception: reception)
          self.state.value = state
          bound.value.receive = { [weak self] message, path in self?.received(message, from: path) }
          bound.value.inUse = { [weak self] in self?.state.value?.agent.connections ?? [] }
          bound.value.refused = { [weak self] in self?.state.value?.refused[.rate, default: 0] += 1 }
          for registration in configuration.registrations { self.step(.command(.register(registration))) }
          return port
        }
      }.get()
    } catch let error as IOError where error.errnoCode == EADDRINUSE {
      throw TelephonyError(
        .portInUse, "port \(configuration.port) of \(configuration.address) is in use",
        hint: "stop the other program, or set sip.port (REPARTEE_SIP_PORT)")
    } catch let error as IOError {
      throw TelephonyError(
        .cannotBind, "cannot listen on \(configuration.address):\(configuration.port): \(error)",
        hint: "set sip.address to an address of this machine")
    } catch is SocketAddressError.UnknownHost {
      throw TelephonyError(
        .badAddress, "`\(configuration.address)` is no address", hint: "set sip.address to an address of this machine")
    }
  }

  private func makeAgent(_ endpoint: LocalEndpoint) -> UserAgent {
    var secrets: [String: [DigestAlgorithm: String]] = [:]
    for (user, password) in configuration.users {
      guard let password = password.revealed else { continue }
      // MD5 alone: widespread phones, baresip among them, give the call up when a challenge names SHA-256 beside it.
      secrets[user] = [
        .md5: DigestHashes.system.ha1(.md5, user: user, realm: configuration.realm, password: password)
      ]
    }
    var access = AccessPolicy(
      trusted: configuration.trusted,
      strangers: secrets.isEmpty
        ? .drop : .authenticate(DigestServer(realm: configuration.realm, secrets: secrets)))
    access.trustedRate = configuration.trustedRate
    var agent = UserAgentConfiguration(
      endpoints: [.udp: endpoint, .tcp: endpoint], access: access, hashes: .system)
    agent.maximumCalls = configuration.maximumCalls
    agent.shares = configuration.shares
    agent.maximumDials = configuration.maximumDials
    return UserAgent(agent, tokens: SystemTokens())
  }

  /// Refuses new calls with 503, or takes them again.
  public func drain(_ isDraining: Bool) {
    loop.execute { [self] in step(.command(.drain(isDraining))) }
  }

  /// Says to the other side of a call of an earlier process, from what its journal kept, that it is over: BYE, or CANCEL where it rang
  /// still, and BYE when it is answered all the same.
  public func recover(_ identity: String) {
    let command: UserAgentCommand? =
      switch SIPLine.Kept(identity) {
      case .dialog(let dialog): .recoverBye(dialog)
      case .invite(let invite): .withdraw(invite)
      case nil: nil
      }
    if let command { self.command(command) }
  }

  /// Requests refused so far, by reason.
  public func refusals() async throws -> [String: Int] {
    try await loop.submit { [self] in
      Dictionary(uniqueKeysWithValues: (state.value?.refused ?? [:]).map { ($0.key.rawValue, $0.value) })
    }.get()
  }

  /// How long callers may take to answer our BYE: time for one repetition of it. They are gone either way.
  private static let farewell = TimeAmount.seconds(1)
  /// How long a registrar may take that answered until now: time for three repetitions, and for one that is busy. Unanswered, it would
  /// send us calls until the registration runs out; so this is no matter of a second. One that has died meanwhile holds the stop for so
  /// long; one that was silent before is not waited for.
  private static let unregistration = TimeAmount.seconds(5)

  /// Ends all calls with BYE, or 503 where they are not answered yet, ends registrations and closes the sockets. Returns with the answers;
  /// takes a second at most, five where a registrar is silent all of a sudden.
  public func stop() async {
    let configuration = configuration
    try? await loop.flatSubmit { [self] in
      guard let state = state.value else { return loop.makeSucceededVoidFuture() }
      let emptied = loop.makePromise(of: Void.self)
      step(.command(.hangUpAll))
      for registration in configuration.registrations { step(.command(.unregister(id: registration.id))) }
      state.emptied = emptied
      let farewell = loop.scheduleTask(in: Self.farewell) { [weak self] in
        guard let self, let state = self.state.value else { return }
        state.callersHadTime = true
        leaveWhenEmpty(state)
      }
      let deadline = loop.scheduleTask(in: Self.unregistration) { [weak self] in self?.leave() }
      leaveWhenEmpty(state)
      emptied.futureResult.whenComplete { _ in
        farewell.cancel()
        deadline.cancel()
      }
      return emptied.futureResult
    }.get()
    try? await loop.flatSubmit { [self] in
      for timer in state.value?.timers.values ?? [:].values { timer.cancel() }
      let closed = state.value?.transports.close() ?? loop.makeSucceededVoidFuture()
      state.value = nil
      return closed
    }.get()
  }
}

// MARK: - On the loop

extension SIPEndpoint {
  /// A command of a line, from any loop.
  func command(_ command: UserAgentCommand) {
    if loop.inEventLoop { step(.command(command)) } else { loop.execute { [self] in step(.command(command)) } }
  }

  private func leaveWhenEmpty(_ state: State) {
    if state.agent.callCount == 0 || state.callersHadTime, !state.agent.isUnregistering { leave() }
  }

  private func leave() {
    guard let state = state.value, let emptied = state.emptied else { return }
    state.emptied = nil
    emptied.succeed()
  }

  private func received(_ message: Result<SIPMessage, SIPParseFailure>, from path: TransportPath) {
    switch message {
    case .success(let message):
      if let trace = configuration.trace {
        trace(.received, String(decoding: message.encoded(), as: UTF8.self), path)
      }
      step(.received(message, from: path))
    case .failure(let failure): step(.malformed(failure, from: path))
    }
  }

  func step(_ event: UserAgentEvent) {
    guard let state = state.value else { return }
    for action in state.agent.handle(event, at: state.now) { perform(action, state) }
    if state.emptied != nil { leaveWhenEmpty(state) }
  }

  private func perform(_ action: UserAgentAction, _ state: State) {
    switch action {
    case .send(let message, let path, let key): send(message, to: path, key, state)
    case .refuse(let refusal, let path): write(refusal.encoded(), to: path, nil, state)
    case .setTimer(let timer, let after):
      state.timers.removeValue(forKey: timer)?.cancel()
      state.timers[timer] = loop.scheduleTask(in: .nanoseconds(after.nanoseconds)) { [weak self] in
        guard let self else { return }
        self.state.value?.timers[timer] = nil
        self.step(.timerFired(timer))
      }
    case .cancelTimer(let timer): state.timers.removeValue(forKey: timer)?.cancel()
    case .notify(let notice): take(notice, state)
    }
  }

  private func send(_ message: SIPMessage, to path: TransportPath, _ key: TransactionKey?, _ state: State) {
    // Whom we turn to may answer.
    if case .request = message { state.transports.acquaint(path.host) }
    write(message.encoded(), to: path, key, state)
  }

  private func write(_ bytes: [UInt8], to path: TransportPath, _ key: TransactionKey?, _ state: State) {
    if let trace = configuration.trace { trace(.sent, String(decoding: bytes, as: UTF8.self), path) }
    state.transports.send(bytes, to: path).whenFailure { [weak self] _ in
      guard let self, let key else { return }
      // In a later turn: the actions behind this one belong to the step that sent it.
      loop.execute { self.step(.transportFailed(key)) }
    }
  }

  private func take(_ notice: UserAgentNotice, _ state: State) {
    switch notice {
    case .incoming(let handle, let call): introduced(handle, call, state)
    case .established(let handle, let answer):
      state.names.resolve(answer) { state.lines[handle]?.established(answer: $0) }
    case .offered(let handle, let offer):
      state.names.resolve(offer) { [weak self] known in
        if offer != nil, known == nil {
          self?.command(.rejectOffer(handle, status: 488))
        } else {
          state.lines[handle]?.offered(known)
        }
      }
    case .offerSettled(let handle, let answer):
      state.names.resolve(answer) { state.lines[handle]?.settled(answer: $0) }
    case .offerWithdrawn(let handle): state.lines[handle]?.withdrawn()
    case .digit(let handle, let digit): state.lines[handle]?.pressed(digit)
    case .transferEnded(let handle, let outcome):
      if let outcome = outcome.transferOutcome { state.lines[handle]?.report(.transferFinished(outcome)) }
    case .ended(let handle, let end): state.lines.removeValue(forKey: handle)?.ended(end)
    case .registration(let id, let registration): log(id, registration)
    case .refused(let reason, _):
      state.refused[reason, default: 0] += 1
      if reason == .share { tellOfShare(state) }
    case .dialogChanged(let handle, let dialog): state.lines[handle]?.moved(dialog)
    case .placed(let handle, let invite): state.lines[handle]?.placed(invite)
    case .ringing(let handle): state.lines[handle]?.report(.ringing)
    case .early(let handle, let answer):
      state.names.resolve(answer) { state.lines[handle]?.previewed(answer: $0) }
    case .finalStatus(let handle, let status):
      state.lines[handle]?.report(.status(NetworkStatus(status, SIPStatus.phrase(status))))
    case .failed(let handle, let outcome): state.lines.removeValue(forKey: handle)?.failed(outcome)
    case .transferProgress, .pong: break
    }
  }

  /// Once a minute at most, however many they are.
  private func tellOfShare(_ state: State) {
    let now = NIODeadline.now()
    if let told = state.toldOfShare, now - told < .minutes(1) { return }
    state.toldOfShare = now
    logger.notice(
      "a call was refused",
      metadata: [
        "reason": "share",
        "hint": "name a PBX or trunk by its own address in sip.trusted, or set limits.calls_per_address",
      ])
  }

  private func log(_ id: String, _ registration: RegistrationState) {
    switch registration {
    case .registered(let expires):
      logger.info("registered", metadata: ["registration": "\(id)", "expires": "\(expires)"])
    case .failed(let status, let retry):
      logger.warning(
        "registration failed",
        metadata: [
          "registration": "\(id)", "status": "\(status.map(String.init) ?? "no answer")",
          "retry": "\(retry.map { "\($0)" } ?? "never")",
        ])
    case .unregistered: logger.info("unregistered", metadata: ["registration": "\(id)"])
    }
  }

  /// Whoever calls is known from now on. A caller that shares no codec with us, or whose audio would go to a name that nobody knows,
  /// is refused before anybody is asked.
  private func introduced(_ handle: CallHandle, _ call: IncomingCall, _ state: State) {
    for host in [call.source.host, state.agent.dialog(of: handle)?.nextHop?.host] {
      if let host { state.transports.acquaint(host) }
    }
    guard let offer = call.offer else { return arrived(handle, call) }
    var local = LocalMedia(address: state.agent.advertised, port: 9, sessionID: 1)
    local.codecs = configuration.codecs
    guard (try? OfferAnswer.answer(offer, with: local)) != nil else {
      command(.reject(handle, status: 488, warning: SIPWarning(305, "Incompatible media format")))
      return
    }
    state.names.resolve(offer) { [weak self] known in
      guard let self else { return }
      guard let known else {
        command(.reject(handle, status: 488, warning: SIPWarning(301, "The host name in c= is not known")))
        return
      }
      // A first offer may be on hold: who controls a call from outside says later where the audio goes (RFC 3264, 8.4).
      guard let media = (try? OfferAnswer.answer(known, with: local))?.media,
        media.leads(from: IPAddress(local.address), toward: IPAddress(call.source.host))
      else {
        command(.reject(handle, status: 488, warning: SIPWarning(301, "Nobody is reached at the address in c=")))
        return
      }
      var call = call
      call.offer = known
      arrived(handle, call)
    }
  }

  /// Binds the call's audio, then hands it over.
  private func arrived(_ handle: CallHandle, _ call: IncomingCall) {
    let mediaLoop = media.next()
    mediaLoop
      .flatSubmit { [configuration, ports] in
        RTPPort.bind(host: configuration.address, ports: ports, latching: configuration.latching, on: mediaLoop)
      }
      .map { ($0, $0.value.localPort) }
      .hop(to: loop)
      .whenComplete { [weak self] result in
        guard let self, let state = self.state.value, state.agent.dialog(of: handle) != nil else {
          // The caller gave up, or we stopped, while the sockets were bound: nobody is to be asked.
          if case .success(let (port, _)) = result { port.eventLoop.execute { port.value.close() } }
          return
        }
        switch result {
        case .success(let (port, number)):
          let line = SIPLine(
            handle: handle, call: call, port: port, localPort: number, endpoint: self,
            address: state.agent.advertised, codecs: self.configuration.codecs)
          state.lines[handle] = line
          state.reception(ArrivingCall(line: line, call: call))
        case .failure:
          self.logger.error("no audio port is free; a call was refused")
          self.command(.reject(handle, status: 503))
        }
      }
  }
}

extension Duration {
  /// Whole nanoseconds, clamped.
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? .max : whole + attoseconds / 1_000_000_000
  }
}
