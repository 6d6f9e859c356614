internal import Calls
internal import Core
internal import NIOCore
internal import Telephony

/// The telephone as a door: calls of a SIP endpoint.
struct SIPDoor: LegSource {
  let endpoint: SIPEndpoint
  let tickets: ResumptionTickets

  func open(_ receive: @escaping @Sendable (Arrival) -> Void) async throws -> UInt16 {
    try await endpoint.start { call in
      receive(
        Arrival(
          loop: call.loop, line: call.line, medium: .sound { call.line.mediaPort.value },
          calledAddress: call.calledUser ?? "",
          callerAddress: call.callerURI, resumes: call.conversation.flatMap(resuming)))
    }
  }

  /// Who calls with a ticket that opens nothing is answered all the same: by a new conversation.
  private func resuming(_ ticket: String) -> Arrival.Resuming? {
    tickets.opened(by: ticket).map {
      Arrival.Resuming($0.conversation, attachments: $0.attachments, beginsAnew: true)
    }
  }

  func release(identity: String) { endpoint.recover(identity) }

  func takeUp(
    identity: String, within patience: CallSpan, on loop: any EventLoop,
    deliver: @escaping @Sendable (LineEvent) -> Void
  ) async throws -> DialledLeg? {
    let line = try await endpoint.takeUp(identity, within: patience, on: loop, deliver: deliver)
    return line.map { line in DialledLeg(line: line) { line.mediaPort.value } }
  }

  func drain() { endpoint.drain(true) }

  func close() async { await endpoint.stop() }
}
