public import NIOCore
internal import Signalling

/// A call that asks to be answered, with its line. Addresses are personal data.
public struct ArrivingCall: Sendable {
  /// Controls it.
  public let line: SIPLine
  /// The URI called, without parameters: `sip:shop@192.0.2.1`.
  public let calledURI: String
  /// The user part called; nil when there is none.
  public let calledUser: String?
  /// The URI calling. Personal data.
  public let callerURI: String
  /// The SIP Call-ID.
  public let callID: String

  init(line: SIPLine, call: IncomingCall) {
    self.line = line
    calledURI = call.requestURI
    calledUser = SIPURI(call.requestURI)?.user
    callerURI = call.from.uriText
    callID = call.dialog.callID
  }

  /// The loop on which the call's audio lives, and on which its events are delivered.
  public var loop: any EventLoop { line.loop }
}
