internal import Actions
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

extension ServerConfiguration {
  /// The destinations of an assistant that lead to a place which is not there; nobody is to learn that from a caller.
  func strayPlaces(of assistant: AssistantDefinition, _ secrets: Secrets) -> [String] {
    let granted = grants(for: assistant.version.name).addresses
    return assistant.destinations.sorted { $0.key < $1.key }.compactMap { name, destination in
      guard let address = secrets.resolve(destination.uri, granted: granted),
        case .place(let place) = Reach(reading: address), sip.places[place] == nil
      else { return nil }
      return "destination \(name) of \(assistant.version.name): there is no sip.places.\(place)"
    }
  }
}

extension Reach {
  /// Reads a destination's address: `place:NAME` names a place of the configuration, all else is for the caller's line.
  init(reading address: String) {
    let mark = "place:"
    self = address.hasPrefix(mark) ? .place(String(address.dropFirst(mark.count))) : .address(address)
  }
}
