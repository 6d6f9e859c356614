public import Core

/// Names a call between the user agent and its application, unique in one process run.
public struct CallHandle: Hashable, Sendable, CustomStringConvertible {
  /// Counts up from 1.
  public let number: UInt64

  /// A handle by its number; real ones come with `incoming` or from `UserAgent.newHandle`.
  public init(number: UInt64) { self.number = number }

  public var description: String { "call-\(number)" }
}

/// What enters the user agent.
public enum UserAgentEvent: Sendable {
  case received(SIPMessage, from: TransportPath)
  /// The parser refused a message.
  case malformed(SIPParseFailure, from: TransportPath)
  case timerFired(UserAgentTimer)
  /// Sending failed: the key of the `send` action.
  case transportFailed(TransactionKey)
  case command(UserAgentCommand)
}

/// Why a request is refused, for whoever looks into it (RFC 3261 section 20.43).
public struct SIPWarning: Hashable, Sendable {
  /// 300 to 399.
  public var code: Int
  /// In English, without quotes and personal data.
  public var text: String

  /// A warning from its parts.
  public init(_ code: Int, _ text: String) {
    self.code = code
    self.text = text
  }
}

/// What the application wants. A command that does not fit the call's state is ignored, except that `refer` always ends
/// in `transferEnded`.
public enum UserAgentCommand: Sendable {
  /// 180.
  case ring(CallHandle)
  /// 200 with our answer, or with our offer when the INVITE had none.
  case answer(CallHandle, SessionDescription)
  /// A final answer of 300 to 699.
  case reject(CallHandle, status: Int, warning: SIPWarning? = nil)
  /// Answers a re-INVITE or UPDATE that `offered` told of.
  case acceptOffer(CallHandle, SessionDescription)
  /// Refuses it; the session stays as it was.
  case rejectOffer(CallHandle, status: Int)
  /// BYE; before the ACK it waits for it; before the answer it is a 480, and a CANCEL of a call of ours.
  case hangUp(CallHandle)
  /// Places a call under a handle of `UserAgent.newHandle`; `failed` or `established` follows, and `ringing` and `early` before
  /// them.
  case dial(CallHandle, Invitation)
  /// Blind transfer to a URI; without result after `timeout` it ends as timed out.
  case refer(CallHandle, to: String, timeout: Duration)
  /// Registers and keeps registered. The same id again replaces.
  case register(Registration)
  /// Ends a registration at the registrar.
  case unregister(id: String)
  /// OPTIONS to a URI; `pong` follows.
  case ping(id: String, uri: String)
  /// Refuses new calls with 503, or takes them again.
  case drain(Bool)
  /// Ends all calls: those not answered yet get 503, all others BYE, also where the ACK is awaited still.
  case hangUpAll
  /// BYE for a dialog of an earlier process.
  case recoverBye(DialogIdentity)
  /// CANCEL for an INVITE of an earlier process that was not answered then, and BYE when it is answered all the same.
  case withdraw(PlacedInvite)
  /// Goes on with a dialog of an earlier process, under a handle of `UserAgent.newHandle`: a re-INVITE offers our audio.
  /// `established` follows, and the call is one as any other; or `ended`, after BYE, when there is no answer within `patience` or
  /// none that we can talk with.
  case takeUp(CallHandle, DialogIdentity, LocalMedia, patience: Duration)
}

/// What leaves the user agent, in order.
public enum UserAgentAction: Sendable {
  /// To the network. Report a failure with the key.
  case send(SIPMessage, to: TransportPath, transaction: TransactionKey?)
  /// To the network: the answer to a request that could not be read. Nothing is made of a failure.
  case refuse(SIPRefusal, to: TransportPath)
  /// Starts or restarts the timer.
  case setTimer(UserAgentTimer, after: Duration)
  case cancelTimer(UserAgentTimer)
  case notify(UserAgentNotice)
}

/// Names a timer by what it is for.
public enum UserAgentTimer: Hashable, Sendable {
  case transaction(TransactionTimerID)
  /// The next repetition of a 2xx.
  case answer(CallHandle)
  /// The end of waiting for ACK.
  case acknowledgement(CallHandle)
  /// The application's time to answer.
  case setup(CallHandle)
  /// The other side's time to answer; after a CANCEL, the wait for its end.
  case dial(CallHandle)
  case transfer(CallHandle)
  /// The answer to a re-INVITE of ours; its repetition; the end of one whose call is over.
  case offer(CallHandle)
  /// RFC 4028.
  case session(CallHandle)
  case registration(String)
}

/// A call that asks to be answered. Addresses are personal data.
public struct IncomingCall: Hashable, Sendable {
  /// The number that was called; see `CalledNumber`.
  public var requestURI: String
  /// Who calls, as the caller says.
  public var from: NameAddress
  /// Who was dialled first; a forwarding may have changed `requestURI`.
  public var to: NameAddress
  /// Nil when the answer has to carry our offer.
  public var offer: SessionDescription?
  /// Where the INVITE came from.
  public var source: TransportPath
  /// Who authenticated, nil for trusted addresses.
  public var user: String?
  /// For the record of the call: kept, it lets a later process say BYE.
  public var dialog: DialogIdentity
  /// All other headers of the INVITE.
  public var headers: HeaderFields
}

/// Why a call is over.
public enum CallEnd: Hashable, Sendable {
  /// The caller gave up before the answer.
  case cancelled
  /// We refused with this status.
  case rejected(Int)
  case remoteHangUp
  case localHangUp
  /// No ACK came for our answer.
  case notAcknowledged
  /// Our offer stayed without a usable answer.
  case noMediaAnswer
  /// The peer stopped refreshing the session (RFC 4028).
  case sessionExpired
}

/// How a transfer ended (RFC 3515).
public enum ReferOutcome: String, Hashable, Sendable {
  case accepted, busy, declined
  case noAnswer = "no_answer"
  case unreachable
  /// No result within the time limit.
  case timedOut = "timed_out"
  /// The caller hung up before a result was known.
  case callerLeft = "caller_left"
  /// The peer took the transfer and ended its call with us before it told a result: who was called has the call now.
  case handedOver = "handed_over"

  /// By the final status of the new call.
  init(status: Int) {
    switch status {
    case 200..<300: self = .accepted
    case 486, 600: self = .busy
    case 603: self = .declined
    case 408, 480, 487: self = .noAnswer
    default: self = .unreachable
    }
  }

  /// In the house's words; nil when the caller is gone and nobody is left to tell.
  public var transferOutcome: TransferOutcome? {
    switch self {
    case .accepted, .handedOver: .accepted
    case .busy: .busy
    case .declined: .declined
    case .noAnswer, .timedOut: .noAnswer
    case .unreachable: .unreachable
    case .callerLeft: nil
    }
  }
}

/// Why a request was not taken.
public enum RefusalReason: String, Hashable, Sendable, CaseIterable {
  case stranger
  case rate
  case malformed
  case authentication
  case capacity
  /// The source has as many calls as one may have.
  case share
  case draining
}

/// What the application is told. Each incoming call and each that was taken up has exactly one `ended`, each call of ours either one
/// `failed` or one `established` and one `ended`.
public enum UserAgentNotice: Sendable {
  case incoming(CallHandle, IncomingCall)
  /// An INVITE of a call of ours leaves: keep this in place of an earlier one until `dialogChanged`.
  case placed(CallHandle, PlacedInvite)
  /// A call of ours rings; told once.
  case ringing(CallHandle)
  /// An answer to our offer before the call is answered: what is heard until then.
  case early(CallHandle, SessionDescription)
  /// The final status that the `failed`, or the `transferEnded` without success, behind it is made of. None comes where nobody
  /// answered, or where we gave up.
  case finalStatus(CallHandle, Int)
  /// A call of ours was not answered.
  case failed(CallHandle, DialOutcome)
  /// The first ACK, with the answer to our offer when the INVITE had none; of a call that we placed or took up its 2xx.
  case established(CallHandle, answer: SessionDescription?)
  /// A re-INVITE or UPDATE: hold, resume, new address. Nil asks for our offer.
  case offered(CallHandle, SessionDescription?)
  /// The ACK of an accepted re-INVITE.
  case offerSettled(CallHandle, answer: SessionDescription?)
  /// The re-INVITE was cancelled or ran out of time.
  case offerWithdrawn(CallHandle)
  /// A key by INFO.
  case digit(CallHandle, TelephoneDigit)
  /// Status of the transfer's new call.
  case transferProgress(CallHandle, status: Int)
  case transferEnded(CallHandle, ReferOutcome)
  /// The peer's target or our sequence changed: keep this in place of the old one.
  case dialogChanged(CallHandle, DialogIdentity)
  case ended(CallHandle, CallEnd)
  case registration(id: String, RegistrationState)
  /// Status of the answer to a ping, nil when none came.
  case pong(id: String, status: Int?)
  /// For counters. One in each refused request.
  case refused(RefusalReason, source: TransportPath)
}
