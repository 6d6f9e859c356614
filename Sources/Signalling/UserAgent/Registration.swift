/// A registration that is to be kept (RFC 3261 section 10).
public struct Registration: Hashable, Sendable {
  /// The application's name for it.
  public var id: String
  /// The registrar, such as `sip:pbx.example;transport=tcp`.
  public var registrar: SIPURI
  /// The address that is registered, such as `sip:agent@pbx.example`.
  public var addressOfRecord: SIPURI
  /// Answers the registrar's challenge.
  public var credentials: DigestCredentials
  /// Seconds asked for.
  public var expires: Int

  /// A registration from its parts.
  public init(
    id: String, registrar: SIPURI, addressOfRecord: SIPURI, credentials: DigestCredentials, expires: Int = 300
  ) {
    self.id = id
    self.registrar = registrar
    self.addressOfRecord = addressOfRecord
    self.credentials = credentials
    self.expires = expires
  }
}

/// Where a registration stands.
public enum RegistrationState: Hashable, Sendable {
  /// Until refreshed, this many seconds.
  case registered(expires: Int)
  /// The registrar's status, nil when it did not answer; tried again after `retry`, nil when that is useless.
  case failed(status: Int?, retry: Duration?)
  case unregistered
}

/// The machine of one registration: says what to send and when to come back. Pure.
struct RegistrationMachine: Sendable {
  enum Step: Hashable, Sendable {
    case send(SIPRequest)
    case wake(after: Duration)
    case tell(RegistrationState)
    case finished
  }
  private(set) var registration: Registration
  private let contact: String
  private let callID: String
  private let tag: String
  private var sequence: UInt32 = 0
  private var challenge: DigestChallenge?
  private var nonceCount: UInt32 = 0
  private var challengesInRow = 0
  private var failures = 0
  private var isLeaving = false
  private var isAnswered = false
  /// Whether an unregistration is under way whose end is worth waiting for: the registrar answered the last request but one.
  var awaitsFarewell: Bool { isLeaving && isAnswered }

  init(_ registration: Registration, contact: String, callID: String, tag: String) {
    self.registration = registration
    self.contact = contact
    self.callID = callID
    self.tag = tag
  }

  /// The next REGISTER, without Via; answers the last challenge in advance.
  mutating func begin(clientNonce: String, hashes: DigestHashes) -> [Step] {
    sequence += 1
    var headers = HeaderFields()
    headers.add(.maxForwards, "70")
    headers.add(.contact, contact)
    headers.add(.expires, isLeaving ? "0" : String(registration.expires))
    let address = registration.addressOfRecord.description
    var request = SIPRequest(
      method: .register, uriText: registration.registrar.description, vias: [],
      from: NameAddress(uri: address, tag: tag), to: NameAddress(uri: address), callID: callID,
      cseq: CSeq(sequence, .register), headers: headers)
    if let challenge {
      nonceCount += 1
      challenge.authorize(
        &request, as: registration.credentials, count: nonceCount, clientNonce: clientNonce, hashes: hashes)
    }
    return [.send(request)]
  }

  /// Asks the registrar to forget us.
  mutating func leave(clientNonce: String, hashes: DigestHashes) -> [Step] {
    isLeaving = true
    return begin(clientNonce: clientNonce, hashes: hashes)
  }

  /// Takes the final response of a REGISTER, nil for none. What comes of one before the last, which it has replaced, means nothing.
  mutating func finish(_ response: SIPResponse?, of number: UInt32, clientNonce: String, hashes: DigestHashes) -> [Step]
  {
    guard number == sequence else { return [] }
    isAnswered = response != nil
    guard let response else { return fail(nil) }
    switch response.status {
    case 200..<300:
      (challengesInRow, failures) = (0, 0)
      if isLeaving { return [.tell(.unregistered), .finished] }
      let granted = granted(response)
      let wait = granted > 120 ? granted - 60 : max(granted / 2, 1)
      return [.tell(.registered(expires: granted)), .wake(after: .seconds(wait))]
    case 401, 407:
      challengesInRow += 1
      // A first challenge, or one that only says that the nonce is old; the second of the same kind means a wrong
      // password.
      guard let next = DigestChallenge.strongest(in: response), challengesInRow <= (next.isStale ? 3 : 2) else {
        return fail(response.status)
      }
      if challengesInRow == 2, !next.isStale, let challenge, challenge.nonce == next.nonce || nonceCount == 1 {
        return fail(response.status)
      }
      (challenge, nonceCount) = (next, 0)
      return begin(clientNonce: clientNonce, hashes: hashes)
    case 423:
      guard let least = response.headers[.minExpires]?.decimal(upTo: 86_400), Int(least) > registration.expires else {
        return fail(response.status)
      }
      registration.expires = Int(least)
      return begin(clientNonce: clientNonce, hashes: hashes)
    default: return fail(response.status)
    }
  }

  private mutating func fail(_ status: Int?) -> [Step] {
    challenge = nil
    challengesInRow = 0
    if isLeaving { return [.tell(.unregistered), .finished] }
    failures += 1
    let wait = Duration.seconds(min(600, 15 << min(failures, 6)))
    return [.tell(.failed(status: status, retry: wait)), .wake(after: wait)]
  }

  private func granted(_ response: SIPResponse) -> Int {
    let uri = NameAddress(contact)?.uri
    let mine = response.headers.addresses(.contact)?.first { address in
      guard let uri, let other = address.uri else { return false }
      return uri.sameTarget(as: other)
    }
    let text = mine?.parameters["expires"] ?? response.headers[.expires]
    return max(1, Int(text?.decimal(upTo: 86_400 * 7) ?? UInt64(registration.expires)))
  }
}
