internal import Actions
internal import Calls
internal import Conversation
internal import Core
internal import Foundation
internal import Logging
internal import NIOCore
internal import Synchronization

/// Takes arriving legs, whatever door they come through: asks the switchboard, makes the call's identities or finds the
/// conversation it goes on with, and lets the session begin.
struct Reception: Sendable {
  let configuration: ServerConfiguration
  let switchboard: Switchboard
  let services: SessionServices
  let holder: CallHolder
  let secrets: Secrets
  /// Nil where no leg has sound.
  let detectors: (any VoiceActivityDetectorSource)?
  let suspended: SuspendedConversations
  let lateness: TickLateness
  let logger: Logger
  /// Told of each session that begins, on its loop, and of each that ends.
  let began: @Sendable (Session) -> Void
  let ended: @Sendable (CallID) -> Void
  /// Told why a conversation that a leg asked for is not gone on with.
  let refused: @Sendable (any Error) -> Void
  private let loops = LoopTicks()

  init(
    configuration: ServerConfiguration, switchboard: Switchboard, services: SessionServices, holder: CallHolder,
    secrets: Secrets, detectors: (any VoiceActivityDetectorSource)?, suspended: SuspendedConversations,
    lateness: TickLateness, logger: Logger, began: @escaping @Sendable (Session) -> Void = { _ in },
    ended: @escaping @Sendable (CallID) -> Void = { _ in },
    refused: @escaping @Sendable (any Error) -> Void = { _ in }
  ) {
    self.configuration = configuration
    self.switchboard = switchboard
    self.services = services
    self.holder = holder
    self.secrets = secrets
    self.detectors = detectors
    self.suspended = suspended
    self.lateness = lateness
    self.logger = logger
    self.began = began
    self.ended = ended
    self.refused = refused
  }

  /// On any loop; returns at once.
  func take(_ arrival: Arrival) {
    switch switchboard.admit(arrival.calledAddress) {
    case .refused(let reason):
      logger.notice("a call was refused", metadata: ["reason": "\(reason.rawValue)"])
      arrival.line.reject(reason)
    case .accepted(let route):
      guard let wish = arrival.resumes else {
        return arrival.loop.execute { begin(arrival, route, resumption: nil) }
      }
      Task {
        do {
          let resumption = try await resumption(of: wish, route)
          arrival.loop.execute { begin(arrival, route, resumption: resumption) }
        } catch {
          logger.notice(
            "a conversation is not gone on with", metadata: ["error": "\(error)", "begins_anew": "\(wish.beginsAnew)"])
          refused(error)
          guard !wish.beginsAnew else { return arrival.loop.execute { begin(arrival, route, resumption: nil) } }
          switchboard.giveBack()
          arrival.line.reject(.unknownNumber)
        }
      }
    }
  }

  /// Reads the conversation and takes it for this leg; throws what is in the way.
  private func resumption(of wish: Arrival.Resuming, _ route: Switchboard.Route) async throws -> Resumption {
    let call = CallID(wish.conversation.rawValue)
    guard switchboard.claim(call) else {
      throw ServerError(.conversation, "conversation \(call) cannot be gone on with: it is under way here")
    }
    do {
      return try await suspended.resumption(
        of: wish.conversation, attachments: wish.attachments, tenant: route.tenant,
        assistant: route.assistant.prepared)
    } catch {
      switchboard.release(call)
      throw error
    }
  }

  /// On the leg's loop.
  private func begin(_ arrival: Arrival, _ route: Switchboard.Route, resumption: Resumption?) {
    let medium: Leg.Medium
    do {
      medium = try self.medium(of: arrival)
    } catch {
      logger.error("no voice activity detector; a call was refused", metadata: ["error": "\(error)"])
      arrival.line.reject(.overloaded)
      switchboard.giveBack()
      if let resumption { switchboard.release(resumption.conversation.start.call) }
      return
    }
    let now = Date()
    let identity = makeIdentity()
    let onEnd: @Sendable (CallID) -> Void = { [switchboard, logger, ended] id in
      switchboard.remove(id)
      logger.info("call ended", metadata: ["call": "\(id)"])
      ended(id)
    }
    let services = services(for: arrival.calledAddress, route.assistant)
    let leg = Leg(LegID(identity.rawValue + "-caller"), line: arrival.line, medium: medium)
    let session: Session
    if let resumption {
      session = Session(
        resuming: resumption, assistant: route.assistant, services: services, loop: arrival.loop,
        now: now.millisecondsSinceEpoch, onEnd: onEnd)
    } else {
      session = Session(
        start: makeStart(identity, leg.id, arrival, route), assistant: route.assistant, services: services,
        loop: arrival.loop, onEnd: onEnd)
    }
    switchboard.add(session)
    logger.info(
      resumption == nil ? "call arrived" : "call arrived for a conversation that goes on",
      metadata: [
        "call": "\(session.start.call)", "assistant": "\(route.assistant.prepared.definition.version)",
      ])
    arrival.line.deliver { [id = leg.id] event in session.assumeIsolated { $0.line(event, of: id) } }
    session.assumeIsolated { session in
      guard let resumption else { return session.begin(with: leg) }
      session.resume(
        resumption, on: leg,
        as: Attachment(
          call: identity, leg: leg.id, channel: arrival.channel, calledAddress: arrival.calledAddress,
          callerAddress: protected(arrival.callerAddress, of: resumption.conversation.start.owner),
          utcOffsetSeconds: utcOffset(at: now), epochMilliseconds: now.millisecondsSinceEpoch, holder: holder))
    }
    began(session)
  }

  private func medium(of arrival: Arrival) throws -> Leg.Medium {
    switch arrival.medium {
    case .text(let port): return .text(port)
    case .sound(let port):
      let detector = try detectors?.makeDetector()
      return .sound(
        MediaSession(
          port: port(), detector: detector, loop: loops.tick(of: arrival.loop, lateness: lateness)))
    }
  }

  /// What a session needs: the number's recognition, and the addresses that its assistant is granted.
  private func services(for number: String, _ assistant: PublishedAssistant) -> SessionServices {
    let entry = configuration.numbers[number] == nil ? "*" : number
    let granted = configuration.grants(for: assistant.prepared.definition.version.name).addresses
    return SessionServices(
      journal: services.journal, vault: services.vault,
      recognizer: configuration.keysOnly.contains(entry) ? nil : services.recognizer,
      reach: { [secrets] destination in secrets.resolve(destination.uri, granted: granted).map(Reach.init(reading:)) },
      policy: services.policy, bridging: services.bridging, takesCommands: services.takesCommands,
      engines: services.engines,
      logger: services.logger)
  }

  /// A name that nobody guesses: who knows it may go on with the conversation.
  private func makeIdentity() -> CallID {
    var generator = SystemRandomNumberGenerator()
    return CallID("c" + String(generator.next(), radix: 36) + String(generator.next(), radix: 36))
  }

  private func makeStart(_ call: CallID, _ leg: LegID, _ arrival: Arrival, _ route: Switchboard.Route) -> CallStart {
    var generator = SystemRandomNumberGenerator()
    let now = Date()
    return CallStart(
      tenant: route.tenant, conversation: ConversationID(call.rawValue), call: call, leg: leg,
      channel: arrival.channel, calledAddress: arrival.calledAddress,
      callerAddress: protected(arrival.callerAddress, of: .call(route.tenant, call)),
      clock: WallClock(epochMilliseconds: now.millisecondsSinceEpoch, utcOffsetSeconds: utcOffset(at: now)),
      seed: generator.next(), holder: holder)
  }

  private func protected(_ address: String?, of owner: DataOwner) -> Sensitive<String>? {
    address.map { services.vault.protect($0, label: .identifier, owner: owner, ordinal: 0) }
  }

  private func utcOffset(at date: Date) -> Int {
    configuration.utcOffsetSeconds ?? TimeZone.current.secondsFromGMT(for: date)
  }
}

extension Date {
  /// Whole milliseconds since the epoch.
  var millisecondsSinceEpoch: Int64 { Int64(timeIntervalSince1970 * 1000) }

  init(millisecondsSinceEpoch: Int64) { self.init(timeIntervalSince1970: Double(millisecondsSinceEpoch) / 1000) }
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
