/// A request method; case-sensitive token (RFC 3261 section 7.1). Unknown methods are values too.
public struct SIPMethod: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
  /// The token as on the wire.
  public var rawValue: String
  /// A method by its token.
  public init(rawValue: String) { self.rawValue = rawValue }
  init(_ text: String) { rawValue = text }

  public static let invite = SIPMethod("INVITE")
  public static let ack = SIPMethod("ACK")
  public static let bye = SIPMethod("BYE")
  public static let cancel = SIPMethod("CANCEL")
  public static let options = SIPMethod("OPTIONS")
  public static let register = SIPMethod("REGISTER")
  public static let info = SIPMethod("INFO")
  public static let update = SIPMethod("UPDATE")
  public static let refer = SIPMethod("REFER")
  public static let notify = SIPMethod("NOTIFY")
  public static let prack = SIPMethod("PRACK")
  public static let subscribe = SIPMethod("SUBSCRIBE")
  public static let message = SIPMethod("MESSAGE")
  public static let publish = SIPMethod("PUBLISH")

  /// Methods that some RFC defines: these get 405 when not supported, all others 501 (RFC 3261 sections 8.2.1, 21.5.2).
  static let registered: Set<SIPMethod> = [
    .invite, .ack, .bye, .cancel, .options, .register, .info, .update, .refer, .notify, .prack, .subscribe, .message,
    .publish,
  ]

  public var description: String { rawValue }
}
