public import Core
public import NIOCore
internal import Signalling

extension SIPEndpoint {
  /// Places a call to a place of the configuration.
  ///
  /// The audio's sockets are bound before anything is sent, so that whatever is heard early has somewhere to go. What comes of
  /// the call is delivered on `mediaLoop`, perhaps before the line is returned: `ringing` if it does, then `failed` and nothing
  /// more, or `connected` and all that a caller's line tells. The line has no `identity` before `connected`. Giving up is
  /// `hangUp`.
  ///
  /// - Parameter mediaLoop: the loop of the call's audio and events; no loop that carries signalling.
  /// - Throws: `TelephonyError`: `unknown_place`, `no_media_port`, `not_running`.
  public func dial(
    _ request: DialRequest, on mediaLoop: any EventLoop, deliver: @escaping @Sendable (LineEvent) -> Void
  ) async throws -> SIPLine {
    let unbound = try configuration.invitation(request)
    let (port, number) = try await mediaLoop.flatSubmit { [configuration, ports] in
      RTPPort.bind(host: configuration.address, ports: ports, latching: configuration.latching, on: mediaLoop)
    }.map { ($0, $0.value.localPort) }.get()
    do {
      return try await loop.submit { [self] in
        guard let state = state.value else { throw TelephonyError(.notRunning, "the telephone side is not running") }
        let handle = state.agent.newHandle()
        let line = SIPLine(
          handle: handle, port: port, localPort: number, endpoint: self, address: state.agent.advertised,
          codecs: configuration.codecs)
        var invitation = unbound
        invitation.local = line.localMedia()
        line.deliver(to: deliver)
        state.lines[handle] = line
        step(.command(.dial(handle, invitation)))
        return line
      }.get()
    } catch {
      port.eventLoop.execute { port.value.close() }
      throw error
    }
  }
}
