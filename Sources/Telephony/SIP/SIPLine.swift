public import Audio
public import Core
internal import Foundation
public import NIOCore
internal import Signalling
internal import Synchronization

/// One SIP call as a line: offers and answers, hold and resume, transfer, and the port of its audio.
///
/// Isolation: commands from anywhere; offers are answered on the endpoint's loop; events are delivered on `loop`, in order.
public final class SIPLine: Line {
  /// The loop of the call's audio.
  public let loop: any EventLoop
  private let handle: CallHandle
  private let port: NIOLoopBound<RTPPort>
  private let localPort: UInt16
  private let address: String
  private let codecs: [AudioCodec]
  private weak let endpoint: SIPEndpoint?
  private let offer: SessionDescription?
  /// Where the caller was seen; nil for a call that we placed or took up.
  private let source: IPAddress?
  /// Whether we called, or took the call up: the first offer is ours.
  private let isPlaced: Bool
  private let kept: Mutex<Kept?>
  private let state: Mutex<Negotiation>
  private let handler: Mutex<(@Sendable (LineEvent) -> Void)?> = Mutex(nil)

  /// What a later process needs to end the call.
  enum Kept: Sendable {
    case dialog(DialogIdentity)
    /// A call of ours that was not answered yet.
    case invite(PlacedInvite)

    /// From an `identity`; nil when it is none.
    init?(_ identity: String) {
      let data = Data(identity.utf8)
      if let dialog = try? CanonicalJSON.decode(DialogIdentity.self, from: data) {
        self = .dialog(dialog)
      } else if let invite = try? CanonicalJSON.decode(PlacedInvite.self, from: data) {
        self = .invite(invite)
      } else {
        return nil
      }
    }

    var encoded: Data? {
      switch self {
      case .dialog(let dialog): try? CanonicalJSON.encode(dialog)
      case .invite(let invite): try? CanonicalJSON.encode(invite)
      }
    }
  }

  private struct Negotiation {
    var version: UInt64 = 1
    var ours: SessionDescription?
    var pending: NegotiatedMedia?
    var agreed: NegotiatedMedia?
    var isHeld = false
    var hungUp = false
  }

  init(
    handle: CallHandle, call: IncomingCall, port: NIOLoopBound<RTPPort>, localPort: UInt16, endpoint: SIPEndpoint,
    address: String, codecs: [AudioCodec]
  ) {
    self.handle = handle
    self.port = port
    self.endpoint = endpoint
    self.address = address
    self.codecs = codecs
    loop = port.eventLoop
    offer = call.offer
    source = IPAddress(call.source.host)
    kept = Mutex(.dialog(call.dialog))
    isPlaced = false
    self.localPort = localPort
    state = Mutex(Negotiation())
  }

  /// The line of a call that we place or take up.
  init(
    handle: CallHandle, port: NIOLoopBound<RTPPort>, localPort: UInt16, endpoint: SIPEndpoint, address: String,
    codecs: [AudioCodec]
  ) {
    self.handle = handle
    self.port = port
    self.endpoint = endpoint
    self.address = address
    self.codecs = codecs
    loop = port.eventLoop
    offer = nil
    source = nil
    kept = Mutex(nil)
    isPlaced = true
    self.localPort = localPort
    state = Mutex(Negotiation())
    state.withLock { $0.ours = OfferAnswer.offer(localMedia()) }
  }

  /// Our side of the audio, in the version that is offered or answered with next.
  func localMedia(version: UInt64 = 1) -> LocalMedia {
    var local = LocalMedia(address: address, port: localPort, sessionID: UInt64(localPort) << 16 | 1, version: version)
    local.codecs = codecs
    return local
  }

  /// The call's frames; to be used on `loop` only.
  public var mediaPort: NIOLoopBound<any MediaPort> { NIOLoopBound(port.value, eventLoop: loop) }

  /// Where the line's events go; set once, before `answer`. Called on `loop`.
  public func deliver(to handler: @escaping @Sendable (LineEvent) -> Void) {
    self.handler.withLock { $0 = handler }
  }

  /// What a later process says BYE with, or CANCEL while a call of ours is not answered.
  public var identity: String? {
    kept.withLock { $0 }?.encoded.map { String(decoding: $0, as: UTF8.self) }
  }

  /// There is a dialog, or the peer's target or source changed. On the endpoint's loop. That there is one is told by `connected`.
  func moved(_ dialog: DialogIdentity) {
    let isFirst = kept.withLock { known in
      defer { known = .dialog(dialog) }
      if case .dialog = known { return false }
      return true
    }
    if !isFirst { report(.moved) }
  }

  /// The INVITE of a call of ours left, or one in its place. On the endpoint's loop.
  func placed(_ invite: PlacedInvite) {
    let isFirst = kept.withLock { known in
      defer { known = .invite(invite) }
      return known == nil
    }
    if !isFirst { report(.moved) }
  }

  func report(_ event: LineEvent) {
    loop.execute { [self] in handler.withLock { $0 }?(event) }
  }
}

// MARK: - Commands

extension SIPLine {
  public func answer() {
    guard !isPlaced else { return }
    guard let answer = describe(offer) else {
      endpoint?.command(.reject(handle, status: 488))
      return
    }
    endpoint?.command(.answer(handle, answer))
  }

  public func reject(_ reason: LineRejection) {
    guard !isPlaced else { return hangUp() }
    let status =
      switch reason {
      case .unknownNumber: 404
      case .overloaded, .draining: 503
      }
    endpoint?.command(.reject(handle, status: status))
  }

  public func hangUp() {
    state.withLock { $0.hungUp = true }
    endpoint?.command(.hangUp(handle))
  }

  public func transfer(to uri: String, ringTimeout: CallSpan) {
    endpoint?.command(.refer(handle, to: uri, timeout: ringTimeout.duration))
  }

  /// Our answer to an offer, or our own offer when there is none; nil when nothing of the offer is acceptable.
  private func describe(_ offer: SessionDescription?) -> SessionDescription? {
    state.withLock { state in
      let local = localMedia(version: state.version)
      guard let offer else {
        let ours = OfferAnswer.offer(local)
        state.ours = ours
        return ours
      }
      guard let (answer, media) = try? OfferAnswer.answer(offer, with: local),
        media.leads(from: IPAddress(address), toward: source)
      else {
        return nil
      }
      state.pending = media
      return answer
    }
  }
}

extension NegotiatedMedia {
  /// Whether our audio can go where it is wanted: an IPv4 socket sends to IPv4 alone, and only a caller on this machine has audio sent to it.
  /// - Parameters:
  ///   - ours: the address that the caller is told.
  ///   - source: where the caller was seen; nil for a call that we placed or took up.
  func leads(from ours: IPAddress?, toward source: IPAddress?) -> Bool {
    guard let remote = IPAddress(remoteAddress), !remote.isUnspecified else { return true }
    if ours?.isV4 == true, !remote.isV4 { return false }
    return source?.isLoopback != false || !remote.isLoopback
  }
}

// MARK: - What the user agent tells, on its loop

extension SIPLine {
  private func accept(
    _ answer: SessionDescription, to ours: SessionDescription, version: UInt64
  ) -> NegotiatedMedia? {
    guard let media = try? OfferAnswer.accept(answer, to: ours, local: localMedia(version: version)),
      media.leads(from: IPAddress(address), toward: source)
    else { return nil }
    return media
  }

  func established(answer: SessionDescription?) {
    let media: NegotiatedMedia? = state.withLock { state in
      if let answer, let ours = state.ours {
        state.pending = accept(answer, to: ours, version: state.version)
        state.ours = nil
      }
      return state.pending
    }
    guard let media else {
      endpoint?.command(.hangUp(handle))
      return
    }
    settle(media, isFirst: true)
  }

  /// What is heard of a call of ours before it is answered; several when it forks, the last one counts.
  func previewed(answer: SessionDescription?) {
    let media: NegotiatedMedia? = state.withLock { state in
      guard state.agreed == nil, let answer, let ours = state.ours else { return nil }
      return accept(answer, to: ours, version: state.version)
    }
    if let media { loop.execute { [self] in port.value.establish(media) } }
  }

  /// A re-INVITE: hold, resume, another address; or a request for our offer.
  func offered(_ offer: SessionDescription?) {
    state.withLock { $0.version += 1 }
    guard let answer = describe(offer) else {
      endpoint?.command(.rejectOffer(handle, status: 488))
      return
    }
    endpoint?.command(.acceptOffer(handle, answer))
    // An answered offer is in force at once (RFC 3264 section 8); our own only with its answer.
    if offer != nil, let media = state.withLock({ $0.pending }) { settle(media, isFirst: false) }
  }

  func settled(answer: SessionDescription?) {
    let media: NegotiatedMedia? = state.withLock { state in
      guard let answer, let ours = state.ours else { return nil }
      state.ours = nil
      return accept(answer, to: ours, version: state.version)
    }
    if let media { settle(media, isFirst: false) }
  }

  func withdrawn() {
    let media = state.withLock { state in
      state.ours = nil
      state.pending = state.agreed
      return state.agreed
    }
    if let media { settle(media, isFirst: false) }
  }

  /// A key came by INFO. It counts unless it came inside the audio as well, or more come than anybody presses.
  func pressed(_ digit: TelephoneDigit) {
    loop.execute { [self] in
      guard port.value.admits(signalled: digit) else { return }
      handler.withLock { $0 }?(.digit(String(digit.character)))
    }
  }

  /// A call of ours was not answered.
  func failed(_ outcome: DialOutcome) { leave(.failed(outcome)) }

  func ended(_ end: CallEnd) {
    let (byUs, isConnected) = state.withLock { ($0.hungUp, $0.agreed != nil) }
    // Answered by somebody whose audio goes where nobody knows.
    if isPlaced, !isConnected { return leave(.failed(byUs ? .cancelled : .notAcceptable)) }
    let party: Party =
      switch end {
      case .cancelled, .remoteHangUp: isPlaced ? .person : .caller
      case .localHangUp, .rejected: .agent
      case .notAcknowledged, .noMediaAnswer, .sessionExpired: byUs ? .agent : .line
      }
    leave(.ended(by: party))
  }

  /// Tells the last event.
  private func leave(_ event: LineEvent) {
    loop.execute { [self] in port.value.close() }
    report(event)
    loop.execute { [self] in handler.withLock { $0 = nil } }
  }

  private func settle(_ media: NegotiatedMedia, isFirst: Bool) {
    let (wasHeld, isHeld) = state.withLock { state in
      let was = state.isHeld
      state.agreed = media
      state.isHeld = media.isHeldByRemote
      return (was, state.isHeld)
    }
    loop.execute { [self] in port.value.establish(media) }
    if isFirst { report(.connected) }
    if wasHeld != isHeld { report(.held(isHeld)) }
  }
}
