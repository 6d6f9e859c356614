public import NIOCore

/// The event loops of the telephone side, kept apart so that nothing a stranger sends delays a frame: messages are read on one
/// loop that carries no audio, audio runs on loops that read no message. The composition makes them; they outlive the endpoint.
public struct TelephonyLoops: Sendable {
  /// Sockets, timers and the user agent of SIP; one of its loops is taken.
  public let signalling: any EventLoopGroup
  /// Sockets and ticks of calls' audio, spread over its loops.
  public let media: any EventLoopGroup

  /// Loops from both groups.
  public init(signalling: any EventLoopGroup, media: any EventLoopGroup) {
    self.signalling = signalling
    self.media = media
  }
}
