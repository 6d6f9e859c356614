/// A call to be placed. Where it may lead is decided by whoever makes it; the user agent asks no more.
public struct Invitation: Hashable, Sendable {
  /// Who is called. Personal data.
  public var target: SIPURI
  /// Where the INVITE goes: the target's own destination, or a trunk's.
  public var path: TransportPath
  /// Who calls, as the other side is told; nil for our Contact.
  public var caller: SIPURI?
  /// Our side of the audio, which is offered.
  public var local: LocalMedia
  /// Answers challenges, also of later requests in the dialog.
  public var credentials: DialCredentials?
  /// How long it may ring.
  public var ringLimit: Duration

  /// A call from its mandatory parts.
  public init(to target: SIPURI, over path: TransportPath, local: LocalMedia, ringLimit: Duration) {
    self.target = target
    self.path = path
    self.local = local
    self.ringLimit = ringLimit
  }
}

/// What answers a challenge of the other side, and of whose challenge only.
public struct DialCredentials: Hashable, Sendable {
  /// The realm that the challenge has to name; nil for any.
  public var realm: String?
  /// User and password.
  public var credentials: DigestCredentials

  /// Credentials for a realm.
  public init(realm: String? = nil, _ credentials: DigestCredentials) {
    self.realm = realm
    self.credentials = credentials
  }

  /// What answers a challenge of this realm, nil when that is not the one.
  func answering(_ realm: String) -> DigestCredentials? {
    self.realm.map { $0 == realm } ?? true ? credentials : nil
  }
}
