public import Core
public import NIOCore
internal import Signalling

extension SIPEndpoint {
  /// Places a call to a place of the configuration.
  ///
  /// The audio's sockets are bound before anything is sent, so that whatever is heard early has somewhere to go. What comes of
  /// the call is delivered on `mediaLoop`, perhaps before the line is returned: `ringing` if it does, then `failed` and nothing
  /// more, or `connected` and all that a caller's line tells, and `moved` before either when the INVITE went out once more. Giving
  /// up is `hangUp`.
  ///
  /// - Parameter mediaLoop: the loop of the call's audio and events; no loop that carries signalling.
  /// - Throws: `TelephonyError`: `unknown_place`, `no_media_port`, `not_running`.
  public func dial(
    _ request: DialRequest, on mediaLoop: any EventLoop, deliver: @escaping @Sendable (LineEvent) -> Void
  ) async throws -> SIPLine {
    let unbound = try configuration.invitation(request)
    return try await place(on: mediaLoop, deliver: deliver) { handle, local in
      var invitation = unbound
      invitation.local = local
      return .dial(handle, invitation)
    }
  }

  /// Goes on with a call of an earlier process, from what its journal kept: the other side is offered this process's audio.
  ///
  /// What comes of it is delivered on `mediaLoop`, perhaps before the line is returned: `connected`, and all that the line of a call
  /// of ours tells; or `failed`, when there was no answer that we can talk with: the other side was told BYE then, unless it knew
  /// of no call.
  ///
  /// - Parameters:
  ///   - patience: how long an answer is waited for.
  ///   - mediaLoop: the loop of the call's audio and events; no loop that carries signalling.
  /// - Returns: nil when `identity` is no dialog.
  /// - Throws: `TelephonyError`: `no_media_port`, `not_running`.
  public func takeUp(
    _ identity: String, within patience: CallSpan, on mediaLoop: any EventLoop,
    deliver: @escaping @Sendable (LineEvent) -> Void
  ) async throws -> SIPLine? {
    guard case .dialog(let dialog) = SIPLine.Kept(identity) else { return nil }
    return try await place(on: mediaLoop, deliver: deliver) { handle, local in
      .takeUp(handle, dialog, local, patience: patience.duration)
    }
  }

  /// Binds a call's audio, then begins the call with the command that says how.
  private func place(
    on mediaLoop: any EventLoop, deliver: @escaping @Sendable (LineEvent) -> Void,
    _ command: @escaping @Sendable (CallHandle, LocalMedia) -> UserAgentCommand
  ) async throws -> SIPLine {
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
        line.deliver(to: deliver)
        state.lines[handle] = line
        step(.command(command(handle, line.localMedia())))
        return line
      }.get()
    } catch {
      port.eventLoop.execute { port.value.close() }
      throw error
    }
  }
}
