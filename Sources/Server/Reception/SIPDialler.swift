internal import Calls
internal import Core
internal import NIOCore
internal import Telephony

/// Rings places of the configuration over the telephone.
struct SIPDialler: LegDialler {
  let endpoint: SIPEndpoint

  func dial(
    _ place: String, ringTimeout: CallSpan, on loop: any EventLoop, deliver: @escaping @Sendable (LineEvent) -> Void
  ) async throws -> DialledLeg {
    let line = try await endpoint.dial(
      DialRequest(to: place, ringTimeout: ringTimeout), on: loop, deliver: deliver)
    return DialledLeg(line: line) { line.mediaPort.value }
  }
}

extension Reach {
  /// Reads a destination's address: `place:NAME` names a place of the configuration, all else is for the caller's line.
  init(reading address: String) {
    let mark = "place:"
    self = address.hasPrefix(mark) ? .place(String(address.dropFirst(mark.count))) : .address(address)
  }
}
