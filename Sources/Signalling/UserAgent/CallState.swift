/// One call inside the user agent.
struct CallState: Sendable {
  enum Phase: String, Sendable {
    /// INVITE not answered yet.
    case ringing
    /// 200 sent, ACK awaited.
    case answered
    case confirmed
    /// BYE sent.
    case ending
  }
  /// An INVITE or UPDATE that waits for the application.
  struct OpenRequest: Sendable {
    var key: TransactionKey
    var request: SIPRequest
    var hasOffer: Bool
    var sessionTimer: SessionTimer?
  }
  /// A 2xx to INVITE that is repeated until its ACK.
  struct Unacknowledged: Sendable {
    var key: TransactionKey
    var response: SIPResponse
    var interval: Duration
    /// Whether the ACK has to carry the answer to our offer.
    var awaitsAnswer: Bool
    var isFirst: Bool
  }
  struct Transfer: Sendable {
    var sequence: UInt32
    /// The peer said that it takes the REFER.
    var isTaken = false
    var isOver = false
  }
  /// RFC 4028: who refreshes, and how often.
  struct SessionTimer: Hashable, Sendable {
    var interval: Int
    var weRefresh: Bool
  }

  /// Who is given a password of ours when it challenges a request in the dialog.
  enum Trust: Hashable, Sendable {
    /// Nobody: the caller came from outside the list.
    case none
    /// The INVITE came from a trusted address, or what was taken up leads to one: what the agent and its registrations have.
    case agent
    /// We placed the call: what it was placed with.
    case dialled(DialCredentials?)
  }

  let handle: CallHandle
  /// Of a call that came to us.
  let merge: MergeKey?
  /// Of a call that came to us: whose share it is of.
  var source: IPAddress?
  /// The stream connection that its last request came over.
  var connection: UInt64?
  var dialog: DialogIdentity
  var phase = Phase.ringing
  var open: OpenRequest?
  var unacknowledged: Unacknowledged?
  var hangUpWhenConfirmed = false
  var transfer: Transfer?
  var session: SessionTimer?
  /// Our offer, until it is answered.
  var takingUp: UserAgent.TakingUp?
  /// Whether the peer may ask for our passwords, and for which.
  var trust = Trust.none
}

/// What is the same in copies of one request that came on several ways (RFC 3261 section 8.2.2.2).
struct MergeKey: Hashable, Sendable {
  var callID: String
  var fromTag: String
  var number: UInt32

  init(_ request: SIPRequest) {
    callID = request.callID
    fromTag = request.from.tag ?? ""
    number = request.cseq.number
  }
}
