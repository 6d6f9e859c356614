import Calls
import Core
import Foundation
import Governance
import Logging
import NIOCore
import NIOPosix
import Storage
import Synchronization
import TestSupport

@testable import Server

/// An author's folder and a server's data folder, both gone with the value.
final class Desk: Sendable {
  private let home: TemporaryFolder
  var root: String { home.path }
  var folder: String { root + "/desk" }
  let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  init() throws {
    home = try TemporaryFolder()
    _ = try NewAssistant(name: "desk", in: root).write()
  }

  var configuration: ServerConfiguration {
    var configuration = ServerConfiguration()
    configuration.data = root + "/data"
    configuration.pack = root + "/no-pack"
    configuration.utcOffsetSeconds = 0
    configuration.numbers = ["*": .published("desk")]
    configuration.addresses = [AddressGrant(name: "SUPPORT_URI", assistant: "desk")]
    return configuration
  }

  /// Makes the folder as it is current.
  func publish() throws -> Publishing.Outcome {
    guard case .current(let outcome, _) = try Publishing(configuration).publish(folder: folder) else {
      throw ServerError(.assistant, "the desk was refused")
    }
    return outcome
  }

  /// What the author changes.
  func rewrite(_ file: String, _ old: String, as new: String) throws {
    let path = folder + "/" + file
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacing(old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
  }
}

/// A written call to whatever answers.
final class WrittenCall: Sendable {
  let call: Session
  private let shown: Shown
  private static let leg: LegID = "caller"

  /// The line: keeps what the agent wrote.
  private final class Shown: Line, TextPort {
    let texts = Mutex<[String]>([])
    let call = Mutex<Session?>(nil)
    let identity: String? = nil
    let over = AsyncStream.makeStream(of: Void.self)

    func show(_ text: String, as utterance: UtteranceID) {
      texts.withLock { $0.append(text) }
      report(.shown(utterance))
    }
    func deliver(to handler: @escaping @Sendable (LineEvent) -> Void) {}
    func answer() { report(.connected) }
    func reject(_ reason: LineRejection) { report(.ended(by: .agent)) }
    func hangUp() { report(.ended(by: .agent)) }
    func transfer(to uri: String, ringTimeout: CallSpan) { report(.transferFinished(.unreachable)) }

    private func report(_ event: LineEvent) {
      guard let call = call.withLock({ $0 }) else { return }
      call.loop.execute { call.assumeIsolated { $0.line(event, of: WrittenCall.leg) } }
    }
  }

  init(
    _ id: CallID, _ route: Switchboard.Route, storage: StorageFloor, journal: (any Journal)? = nil,
    policy: DataPolicy = .standard, logger: Logger
  ) {
    let shown = Shown()
    let services = SessionServices(
      journal: journal ?? storage.store.journal, vault: storage.store.vault, recognizer: nil, reach: { _ in nil },
      policy: policy, takesCommands: true,
      logger: logger)
    let start = CallStart(
      tenant: "default", conversation: ConversationID(id.rawValue), call: id, leg: LegID(id.rawValue), channel: .chat,
      calledAddress: "100", clock: WallClock(epochMilliseconds: 1_900_000_000_000, utcOffsetSeconds: 0), seed: 7)
    call = Session(
      start: start, assistant: route.assistant, services: services,
      loop: MultiThreadedEventLoopGroup.singleton.next()
    ) { _ in shown.over.continuation.finish() }
    shown.call.withLock { [call] in $0 = call }
    self.shown = shown
  }

  func begin() async {
    let shown = shown
    try? await call.loop.submit { [call] in
      call.assumeIsolated { $0.begin(with: Leg(Self.leg, line: shown, medium: .text(shown))) }
    }.get()
    await call.untilListening()
  }

  /// What the agent writes after a message of the caller.
  func say(_ text: String) async -> String {
    let before = shown.texts.withLock(\.count)
    await call.message(text)
    await call.untilListening()
    return shown.texts.withLock { $0.dropFirst(before).joined(separator: " ") }
  }

  func hangUp() async {
    await call.line(.ended(by: .caller), of: Self.leg)
    for await _ in shown.over.stream {}
    shown.call.withLock { $0 = nil }
  }
}
