/// Authentication of callers: issues nonces and checks answers (RFC 7616, RFC 8760). Bounded; oldest nonces are
/// forgotten.
public struct DigestServer: Sendable {
  /// The realm that HA1 values were made with.
  public let realm: String
  private let secrets: [String: [DigestAlgorithm: String]]
  private let lifetime: Duration
  private let capacity: Int
  private var issued: [String: (at: Duration, count: UInt32)] = [:]
  private var order: [String] = []
  private var oldest = 0

  /// What a request deserves.
  enum Verdict: Hashable, Sendable {
    case accepted(user: String)
    case challenge(stale: Bool)
  }

  /// - Parameters:
  ///   - secrets: for each user its HA1 in hexadecimal, for one or both algorithms; see `DigestHashes.ha1`.
  ///   - lifetime: how long a nonce may be used.
  ///   - capacity: nonces kept at once.
  public init(
    realm: String, secrets: [String: [DigestAlgorithm: String]], lifetime: Duration = .seconds(300),
    capacity: Int = 4_096
  ) {
    self.realm = realm
    self.secrets = secrets
    self.lifetime = lifetime
    self.capacity = max(capacity, 1)
  }

  /// Checks the Authorization of a request. A nonce's count must grow: a repeated answer is refused.
  mutating func verify(_ request: SIPRequest, at now: Duration, hashes: DigestHashes) -> Verdict {
    let mine = request.headers.lines(.authorization).lazy.compactMap { DigestFields($0) }.first { $0["realm"] == realm }
    guard let fields = mine, let nonce = fields["nonce"], let user = fields["username"], let uri = fields["uri"],
      let answer = fields["response"], let algorithm = fields.algorithm
    else { return .challenge(stale: false) }
    guard let entry = issued[nonce], now - entry.at <= lifetime else { return .challenge(stale: true) }
    guard fields["qop"] == "auth", let digits = fields["nc"], digits.utf8.count == 8,
      let count = UInt32(digits, radix: 16), let client = fields["cnonce"], let ha1 = secrets[user]?[algorithm],
      Self.isSame(uri, request)
    else { return .challenge(stale: false) }
    let wanted = hashes.response(
      algorithm, ha1: ha1, method: request.method.rawValue, uri: uri, nonce: nonce, qop: (digits, client))
    guard Self.equal(wanted, answer.lowercased()) else { return .challenge(stale: false) }
    guard count > entry.count else { return .challenge(stale: true) }
    issued[nonce]?.count = count
    return .accepted(user: user)
  }

  /// The challenges of a 401, strongest first, with a nonce that is now valid.
  mutating func challenge(nonce: String, stale: Bool, at now: Duration) -> [String] {
    if issued.count >= capacity {
      issued[order[oldest]] = nil
      oldest += 1
      if oldest > capacity {
        order.removeFirst(oldest)
        oldest = 0
      }
    }
    issued[nonce] = (now, 0)
    order.append(nonce)
    let algorithms = DigestAlgorithm.allCases.filter { one in secrets.values.contains { $0[one] != nil } }
    return algorithms.map { algorithm in
      "Digest realm=\(HeaderText.quoted(realm)), nonce=\"\(nonce)\", algorithm=\(algorithm.rawValue), qop=\"auth\""
        + (stale ? ", stale=true" : "")
    }
  }

  private static func isSame(_ uri: String, _ request: SIPRequest) -> Bool {
    if uri == request.uriText { return true }
    guard let left = SIPURI(uri), let right = request.uri else { return false }
    return left.sameTarget(as: right)
  }

  /// Comparison whose time does not tell where the texts differ.
  private static func equal(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    return zip(left.utf8, right.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
