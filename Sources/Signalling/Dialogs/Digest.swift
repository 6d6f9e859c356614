/// Hash algorithms of digest authentication (RFC 7616). Session variants are not offered.
public enum DigestAlgorithm: String, Hashable, Sendable, CaseIterable {
  case sha256 = "SHA-256"
  case md5 = "MD5"
}

/// The hash functions, given by the shell; this room has none.
public struct DigestHashes: Sendable {
  let md5: @Sendable ([UInt8]) -> [UInt8]
  let sha256: @Sendable ([UInt8]) -> [UInt8]

  /// - Parameters: functions from octets to the 16 or 32 octets of their hash.
  public init(md5: @escaping @Sendable ([UInt8]) -> [UInt8], sha256: @escaping @Sendable ([UInt8]) -> [UInt8]) {
    self.md5 = md5
    self.sha256 = sha256
  }

  func hex(_ algorithm: DigestAlgorithm, _ text: String) -> String {
    let octets = algorithm == .md5 ? md5(Array(text.utf8)) : sha256(Array(text.utf8))
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: octets.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// HA1 of RFC 7616 section 3.4.2, in hexadecimal: what a server keeps in place of a password.
  public func ha1(_ algorithm: DigestAlgorithm, user: String, realm: String, password: String) -> String {
    hex(algorithm, "\(user):\(realm):\(password)")
  }

  /// The response of RFC 7616 section 3.4.1, with qop=auth when `qop` is given.
  func response(
    _ algorithm: DigestAlgorithm, ha1: String, method: String, uri: String, nonce: String,
    qop: (count: String, client: String)?
  ) -> String {
    let ha2 = hex(algorithm, "\(method):\(uri)")
    guard let qop else { return hex(algorithm, "\(ha1):\(nonce):\(ha2)") }
    return hex(algorithm, "\(ha1):\(nonce):\(qop.count):\(qop.client):auth:\(ha2)")
  }
}

/// A user and a password; never shown.
public struct DigestCredentials: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
  /// The user name of the challenge's realm.
  public var user: String
  /// The password in clear; never sent.
  public var password: String

  /// Credentials for all realms of a peer.
  public init(user: String, password: String) {
    self.user = user
    self.password = password
  }
  public var description: String { "credentials" }
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// `WWW-Authenticate`, `Authorization` and their proxy forms as name and value pairs.
struct DigestFields {
  private var values: [String: String] = [:]

  /// Nil when the scheme is not Digest or the list is malformed.
  init?(_ text: String) {
    guard text.utf8.count > 7, text.prefix(6).equalsIgnoringCase("Digest"),
      let parts = HeaderText.list(String(text.dropFirst(7)))
    else { return nil }
    for part in parts {
      var scanner = Scanner(part)
      scanner.skipSpace()
      guard let name = scanner.token()?.lowercased() else { return nil }
      scanner.skipSpace()
      guard scanner.take(UInt8(ascii: "=")), values[name] == nil else { return nil }
      scanner.skipSpace()
      values[name] = HeaderText.unquoted(scanner.rest.trimmed)
    }
  }

  subscript(_ name: String) -> String? { values[name] }

  /// MD5 when the field is absent, nil when it is one we do not have.
  var algorithm: DigestAlgorithm? {
    guard let text = values["algorithm"] else { return .md5 }
    return DigestAlgorithm.allCases.first { $0.rawValue.equalsIgnoringCase(text) }
  }
}

/// A challenge that we can answer.
struct DigestChallenge: Hashable, Sendable {
  var realm: String
  var nonce: String
  var opaque: String?
  var algorithm: DigestAlgorithm
  var usesQop: Bool
  var isStale: Bool
  var isProxy: Bool

  /// The strongest challenge of a 401 or 407 that we can answer.
  static func strongest(in response: SIPResponse) -> DigestChallenge? {
    let isProxy = response.status == 407
    let found = response.headers.lines(isProxy ? .proxyAuthenticate : .wwwAuthenticate).compactMap {
      line -> DigestChallenge? in
      guard let fields = DigestFields(line), let realm = fields["realm"], let nonce = fields["nonce"],
        let algorithm = fields.algorithm
      else { return nil }
      let offers = fields["qop"]?.split(separator: ",").map(\.trimmed)
      if let offers, !offers.contains(where: { $0.equalsIgnoringCase("auth") }) { return nil }
      return DigestChallenge(
        realm: realm, nonce: nonce, opaque: fields["opaque"], algorithm: algorithm, usesQop: offers != nil,
        isStale: fields["stale"]?.equalsIgnoringCase("true") ?? false, isProxy: isProxy)
    }
    return found.first { $0.algorithm == .sha256 } ?? found.first
  }

  /// Puts our answer into a request.
  /// - Parameters:
  ///   - count: how often this nonce has been used, this time included.
  ///   - clientNonce: a fresh token.
  func authorize(
    _ request: inout SIPRequest, as credentials: DigestCredentials, count: UInt32, clientNonce: String,
    hashes: DigestHashes
  ) {
    let hex = String(count, radix: 16)
    let padded = String(repeating: "0", count: 8 - hex.utf8.count) + hex
    let ha1 = hashes.ha1(algorithm, user: credentials.user, realm: realm, password: credentials.password)
    let answer = hashes.response(
      algorithm, ha1: ha1, method: request.method.rawValue, uri: request.uriText, nonce: nonce,
      qop: usesQop ? (padded, clientNonce) : nil)
    var value = "Digest username=\(HeaderText.quoted(credentials.user)), realm=\(HeaderText.quoted(realm))"
    value += ", nonce=\(HeaderText.quoted(nonce)), uri=\(HeaderText.quoted(request.uriText)), response=\"\(answer)\""
    value += ", algorithm=\(algorithm.rawValue)"
    if usesQop { value += ", qop=auth, nc=\(padded), cnonce=\"\(clientNonce)\"" }
    if let opaque { value += ", opaque=\(HeaderText.quoted(opaque))" }
    request.headers[isProxy ? .proxyAuthorization : .authorization] = value
  }
}
