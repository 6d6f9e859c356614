public import NIOCore
internal import Signalling

/// A call that asks to be answered, with its line. Addresses are personal data.
public struct ArrivingCall: Sendable {
  /// Controls it.
  public let line: SIPLine
  /// The URI called, such as `sip:shop@192.0.2.1` or `tel:+15550199`.
  public let calledURI: String
  /// The number or name called, from a `sip:` or `tel:` URI; nil when there is none.
  public let calledUser: String?
  /// The URI calling. Personal data.
  public let callerURI: String
  /// What the caller shows to go on with a conversation: the parameter `conversation` of the URI called, as a chat gives it; nil
  /// for a new one. Whatever a stranger writes.
  public let conversation: String?
  /// The SIP Call-ID.
  public let callID: String

  init(line: SIPLine, call: IncomingCall) {
    self.line = line
    calledURI = call.requestURI
    calledUser = CalledNumber(call.requestURI)?.text
    callerURI = call.from.uriText
    conversation = SIPURI(call.requestURI)?.parameters["conversation"].map { String($0.prefix(128)) }
    callID = call.dialog.callID
  }

  /// The loop on which the call's audio lives, and on which its events are delivered.
  public var loop: any EventLoop { line.loop }
}
