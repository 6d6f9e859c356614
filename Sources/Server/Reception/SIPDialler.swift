internal import Actions
internal import Assistant
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
  /// Told where the assistant's file takes the address from the environment.
  func strayPlaces(of loaded: LoadedAssistant, _ secrets: Secrets) -> [AssistantProblem] {
    let assistant = loaded.definition
    let granted = grants(for: assistant.version.name).addresses
    return assistant.destinations.sorted { $0.key < $1.key }.compactMap { name, destination in
      guard let address = secrets.resolve(destination.uri, granted: granted),
        case .place(let place) = Reach(reading: address), sip.places[place] == nil
      else { return nil }
      let key = "destinations.\(name)"
      let reference = loaded.references.first { $0.use == .destination && [key, key + ".uri"].contains($0.key) }
      return AssistantProblem(
        .error, .unknownName, at: reference?.location ?? SourceLocation(file: "assistant.yml", line: 1, column: 1),
        key: reference?.key ?? key, "`\(assistant.version.name)` names the place `\(place)`, which there is not",
        hint: "add sip.places.\(place) to the server's configuration, or give the destination another address")
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
