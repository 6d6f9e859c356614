internal import Core

/// A call of ours, until the transaction of its INVITE is over: that is half a minute longer than the answer, for the
/// answer's repetitions and for other branches of a fork.
struct OutgoingCall: Sendable {
  /// A 2xx's ACK, sent again whenever the 2xx comes again.
  struct Acknowledgement: Sendable {
    var request: SIPRequest
    var path: TransportPath
  }
  /// Branches of a fork that are listened to.
  static let branches = 8
  /// Early answers that are told.
  static let previews = 16

  let invitation: Invitation
  let offer: SessionDescription
  var state = DialState.calling
  /// The last INVITE, as it was sent.
  var invite: SIPRequest
  var key: TransactionKey?
  var rings = false
  /// Early answers by the tag of their branch.
  var early: [String: SessionDescription] = [:]
  var previews = 0
  /// By the tag of their branch.
  var acknowledgements: [String: Acknowledgement] = [:]
  /// The last challenge that was answered, and how often its nonce was used.
  var challenge: DigestChallenge?
  var nonceCount: UInt32 = 0
  var staleNonces = 0
  var isIntervalRaised = false

  init(_ invitation: Invitation, offer: SessionDescription, invite: SIPRequest) {
    self.invitation = invitation
    self.offer = offer
    self.invite = invite
  }

  /// The session description in a response, when it is an answer that we can talk with.
  func answer(in response: SIPResponse) -> SessionDescription? {
    guard case .description(let octets) = BodyParts.content(of: response.headers, response.body),
      let answer = try? SessionDescription(parsing: octets),
      (try? OfferAnswer.accept(answer, to: offer, local: invitation.local)) != nil
    else { return nil }
    return answer
  }

  /// The INVITE that answers a challenge; nil when it cannot be answered, or was and the answer was wrong.
  mutating func authorize(_ response: SIPResponse, clientNonce: String, hashes: DigestHashes) -> SIPRequest? {
    guard let next = DigestChallenge.strongest(in: response),
      let credentials = invitation.credentials?.answering(next.realm)
    else { return nil }
    if challenge != nil {
      guard next.isStale, staleNonces == 0 else { return nil }
      staleNonces += 1
    }
    (challenge, nonceCount) = (next, 1)
    return repeated(credentials, clientNonce: clientNonce, hashes: hashes)
  }

  /// The INVITE with the least interval that the other side takes (RFC 4028 section 7.4); nil when it was raised before.
  mutating func raiseInterval(_ response: SIPResponse, clientNonce: String, hashes: DigestHashes) -> SIPRequest? {
    guard !isIntervalRaised, let least = response.headers[.minSessionExpires].flatMap(UserAgent.sessionInterval)
    else { return nil }
    isIntervalRaised = true
    nonceCount += 1
    invite.headers[.sessionExpires] = "\(least.0);refresher=uas"
    invite.headers[.minSessionExpires] = String(least.0)
    let credentials = challenge.flatMap { invitation.credentials?.answering($0.realm) }
    return repeated(credentials, clientNonce: clientNonce, hashes: hashes)
  }

  private func repeated(_ credentials: DigestCredentials?, clientNonce: String, hashes: DigestHashes) -> SIPRequest {
    var next = invite
    next.cseq.number += 1
    if let challenge, let credentials {
      challenge.authorize(&next, as: credentials, count: nonceCount, clientNonce: clientNonce, hashes: hashes)
    }
    return next
  }
}

/// Where a call of ours stands.
enum DialState: Hashable, Sendable {
  /// INVITE sent and nothing heard: no CANCEL may be sent yet (RFC 3261 section 9.1).
  case calling
  /// A provisional response came.
  case proceeding
  /// Given up before anything was heard; CANCEL follows the first provisional response.
  case leaving
  /// CANCEL sent; 487 is awaited, or a 2xx that crosses it.
  case cancelled
  /// An earlier process sent the INVITE and this one its CANCEL; the same is awaited.
  case withdrawn
  /// A 2xx came.
  case answered

  /// Whether the application waits for what comes of it.
  var isAwaited: Bool { self == .calling || self == .proceeding }
}

extension DialOutcome {
  /// By the final status of the INVITE, 300 and above.
  init(status: Int) {
    switch status {
    case ..<400: self = .moved
    case 486, 600: self = .busy
    case 603, 607, 608: self = .declined
    case 408, 487: self = .noAnswer
    case 404, 410, 480, 484, 604: self = .unavailable
    case 406, 415, 488, 606: self = .notAcceptable
    case ..<500: self = .refused
    default: self = .unreachable
    }
  }
}
