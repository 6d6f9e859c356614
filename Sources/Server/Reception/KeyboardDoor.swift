internal import Calls
internal import Core
internal import NIOCore
internal import Synchronization

/// A keyboard as a door: one leg arrives when it opens.
final class KeyboardDoor: LegSource {
  private let line: KeyboardLine
  private let resumes: Arrival.Resuming?

  /// - Parameter show: told what the agent says.
  init(on loop: any EventLoop, resumes: Arrival.Resuming?, show: @escaping @Sendable (String) -> Void) {
    line = KeyboardLine(loop: loop, show: show)
    self.resumes = resumes
  }

  func open(_ receive: @escaping @Sendable (Arrival) -> Void) async throws -> UInt16 {
    receive(Arrival(loop: line.loop, line: line, medium: .text(line), calledAddress: "*", resumes: resumes))
    return 0
  }

  func release(identity: String) {}

  /// Who wrote comes back by a link.
  func takeUp(
    identity: String, within patience: CallSpan, on loop: any EventLoop,
    deliver: @escaping @Sendable (LineEvent) -> Void
  ) async throws -> DialledLeg? { nil }

  func drain() {}

  /// There are no more messages.
  func close() async { line.leave() }
}

/// The leg of one keyboard and one screen.
private final class KeyboardLine: Line, TextPort {
  let loop: any EventLoop
  /// It ends with its process.
  let identity: String? = nil
  private let display: @Sendable (String) -> Void
  private let handler = Mutex<(@Sendable (LineEvent) -> Void)?>(nil)

  init(loop: any EventLoop, show: @escaping @Sendable (String) -> Void) {
    self.loop = loop
    display = show
  }

  func deliver(to handler: @escaping @Sendable (LineEvent) -> Void) { self.handler.withLock { $0 = handler } }

  func show(_ text: String, as utterance: UtteranceID) {
    display(text)
    report(.shown(utterance))
  }

  func answer() { report(.connected) }
  func reject(_ reason: LineRejection) { report(.ended(by: .agent)) }
  func hangUp() { report(.ended(by: .agent)) }
  func leave() { report(.ended(by: .caller)) }
  func transfer(to uri: String, ringTimeout: CallSpan) { report(.transferFinished(.unreachable)) }

  private func report(_ event: LineEvent) {
    loop.execute { [self] in handler.withLock { $0 }?(event) }
  }
}
