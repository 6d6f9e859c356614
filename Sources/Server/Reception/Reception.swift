internal import Actions
internal import Calls
internal import Conversation
internal import Core
internal import Foundation
internal import Logging
internal import NIOCore
internal import Synchronization
internal import Telephony

/// Takes arriving calls: asks the switchboard, makes the call's identities, and lets it begin.
struct Reception: Sendable {
  let configuration: ServerConfiguration
  let switchboard: Switchboard
  let services: CallServices
  let holder: CallHolder
  let secrets: Secrets
  let detectors: any VoiceActivityDetectorSource
  let lateness: TickLateness
  let logger: Logger
  private let loops = LoopTicks()

  init(
    configuration: ServerConfiguration, switchboard: Switchboard, services: CallServices, holder: CallHolder,
    secrets: Secrets,
    detectors: any VoiceActivityDetectorSource, lateness: TickLateness, logger: Logger
  ) {
    self.configuration = configuration
    self.switchboard = switchboard
    self.services = services
    self.holder = holder
    self.secrets = secrets
    self.detectors = detectors
    self.lateness = lateness
    self.logger = logger
  }

  /// On any loop; returns at once.
  func take(_ arriving: ArrivingCall) {
    switch switchboard.admit(arriving.calledUser ?? "") {
    case .refused(let reason):
      logger.notice("a call was refused", metadata: ["reason": "\(reason.rawValue)"])
      arriving.line.reject(reason)
    case .accepted(let route):
      let loop = arriving.loop
      loop.execute { begin(arriving, route) }
    }
  }

  /// On the call's loop.
  private func begin(_ arriving: ArrivingCall, _ route: Switchboard.Route) {
    let loop = arriving.loop
    let detector: any VoiceActivityDetector
    do {
      detector = try detectors.makeDetector()
    } catch {
      logger.error("no voice activity detector; a call was refused", metadata: ["error": "\(error)"])
      arriving.line.reject(.overloaded)
      switchboard.giveBack()
      return
    }
    let start = makeStart(arriving, route)
    let switchboard = switchboard
    let logger = logger
    let services = services(for: arriving.calledUser, route.assistant)
    let call = Call(start: start, assistant: route.assistant, line: arriving.line, services: services, loop: loop) {
      id in
      switchboard.remove(id)
      logger.info("call ended", metadata: ["call": "\(id)"])
    }
    switchboard.add(call)
    logger.info(
      "call arrived",
      metadata: ["call": "\(start.call)", "assistant": "\(route.assistant.prepared.definition.version)"])
    arriving.line.deliver { event in call.assumeIsolated { $0.line(event) } }
    arriving.line.keep { identity in call.assumeIsolated { $0.keep(lineIdentity: identity) } }
    let media = MediaSession(
      port: arriving.line.mediaPort.value, detector: detector, loop: loops.tick(of: loop, lateness: lateness))
    call.assumeIsolated { [identity = arriving.line.identity] in
      $0.begin(media: media, lineIdentity: identity)
    }
  }

  /// What a call needs: the number's recognition, and the addresses that its assistant is granted.
  private func services(for number: String?, _ assistant: PublishedAssistant) -> CallServices {
    let entry = number.flatMap { configuration.numbers[$0] == nil ? nil : $0 } ?? "*"
    let granted = configuration.grants(for: assistant.prepared.definition.version.name).addresses
    return CallServices(
      journal: services.journal, vault: services.vault,
      recognizer: configuration.keysOnly.contains(entry) ? nil : services.recognizer,
      address: { [secrets] destination in secrets.resolve(destination.uri, granted: granted) },
      logger: services.logger)
  }

  private func makeStart(_ arriving: ArrivingCall, _ route: Switchboard.Route) -> CallStart {
    var generator = SystemRandomNumberGenerator()
    let call = CallID("c" + String(generator.next(), radix: 36) + String(generator.next(), radix: 36))
    let now = Date()
    let owner = DataOwner.call(route.tenant, call)
    return CallStart(
      tenant: route.tenant, conversation: ConversationID(call.rawValue), call: call,
      leg: LegID(call.rawValue + "-caller"),
      channel: .voice, calledAddress: arriving.calledUser ?? "",
      callerAddress: services.vault.protect(arriving.callerURI, label: .identifier, owner: owner, ordinal: 0),
      clock: WallClock(
        epochMilliseconds: Int64(now.timeIntervalSince1970 * 1000),
        utcOffsetSeconds: configuration.utcOffsetSeconds ?? TimeZone.current.secondsFromGMT(for: now)),
      seed: generator.next(), holder: holder)
  }
}

/// The tick of each event loop, made when its first call arrives.
private final class LoopTicks: Sendable {
  private let ticks = Mutex<[ObjectIdentifier: NIOLoopBound<MediaLoop>]>([:])

  func tick(of loop: any EventLoop, lateness: TickLateness) -> MediaLoop {
    ticks.withLock { ticks in
      if let known = ticks[ObjectIdentifier(loop)] { return known.value }
      let made = NIOLoopBound(MediaLoop(loop: loop, lateness: lateness), eventLoop: loop)
      ticks[ObjectIdentifier(loop)] = made
      return made.value
    }
  }
}
