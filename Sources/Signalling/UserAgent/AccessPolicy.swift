/// Who may call.
public struct AccessPolicy: Sendable {
  /// What happens to requests from addresses outside the list, unless they belong to a dialog that is alive.
  public enum Strangers: Sendable {
    /// No answer: scanners learn nothing.
    case drop
    /// 403.
    case forbid
    /// INVITE and OPTIONS are taken, INVITE only after digest authentication.
    case authenticate(DigestServer)
  }
  /// Addresses that call without authentication: PBX, trunk.
  public var trusted: [AddressRange]
  /// What all others get.
  public var strangers: Strangers
  /// New requests a second of one trusted source, for each kind of message.
  public var trustedRate = RequestRate(perSecond: 200, burst: 400)
  /// New requests a second of one other source, for each kind of message.
  public var strangerRate = RequestRate(perSecond: 5, burst: 20)
  /// Of one source's INVITEs above its rate, those that are told so a second, by 503; the rest gets nothing.
  public var busyRate = RequestRate(perSecond: 10, burst: 20)
  /// The same for all sources together.
  public var busyRateOfAll = RequestRate(perSecond: 100, burst: 200)

  /// A policy from its list; strangers are dropped unless said otherwise.
  public init(trusted: [AddressRange], strangers: Strangers = .drop) {
    self.trusted = trusted
    self.strangers = strangers
  }
}
