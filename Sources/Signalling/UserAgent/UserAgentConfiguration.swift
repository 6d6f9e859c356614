/// Where we listen, as others see it.
public struct LocalEndpoint: Hashable, Sendable {
  /// Address for Via and Contact, without brackets.
  public var host: String
  /// Port for Via and Contact.
  public var port: UInt16

  /// An endpoint from its parts.
  public init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }
}

/// What a user agent is given at start.
public struct UserAgentConfiguration: Sendable {
  /// One endpoint for each transport in use.
  public var endpoints: [SIPTransport: LocalEndpoint]
  /// Who may call.
  public var access: AccessPolicy
  /// MD5 and SHA-256.
  public var hashes: DigestHashes
  /// User part of our Contact.
  public var contactUser = "repartee"
  /// `User-Agent` and `Server` value; nil sends none.
  public var product: String? = "Repartee"
  /// Answers challenges to requests of ours outside of registrations; without it the registrations' credentials do.
  public var credentials: DigestCredentials?
  /// Timers of all transactions and of the repeated 2xx.
  public var timing = TransactionTiming()
  /// Calls at once, those being ended included; more get 503.
  public var maximumCalls = 500
  /// Which of them one source may have.
  public var shares = CallShares(of: 500)
  /// Calls of ours at once that are not answered yet.
  public var maximumDials = 20
  /// Seconds without a refresh of the other side after which an answered call of ours is over, where it knows session timers.
  public var sessionInterval = 1_800
  /// Server transactions at once; calls are placed below it only.
  public var maximumTransactions = 4_096
  /// Registrations at once.
  public var maximumRegistrations = 16
  /// `Retry-After` of a 503, in seconds.
  public var retryAfter = 10
  /// How long the application may take to answer an INVITE; then 480.
  public var setupLimit: Duration = .seconds(60)
  /// How long the application may take to answer a re-INVITE; then 500.
  public var offerLimit: Duration = .seconds(10)

  /// A configuration with its mandatory parts.
  public init(endpoints: [SIPTransport: LocalEndpoint], access: AccessPolicy, hashes: DigestHashes) {
    self.endpoints = endpoints
    self.access = access
    self.hashes = hashes
  }
}

/// Source of tags, branches, nonces and Call-IDs. The shell's draws at least 128 random bits each; a test's counts.
public protocol TokenSource: Sendable {
  /// A token of letters and digits that was never given before.
  mutating func next() -> String
}
