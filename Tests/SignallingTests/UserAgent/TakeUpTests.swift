import Core
import Testing

@testable import Signalling

/// Dialogs of an earlier process that are gone on with.
@Suite struct TakeUpTests {
  private static let call = CallHandle(number: 1)

  /// The record of a caller's dialog.
  private static func record(_ invite: String = Samples.invite, from path: TransportPath = Rig.caller) throws
    -> DialogIdentity
  {
    var before = Rig()
    let call = before.establish(invite, from: path)
    return try #require(before.agent.dialog(of: call))
  }

  /// A later process, whose re-INVITE is out.
  private static func taking(
    _ record: DialogIdentity? = nil, patience: Duration = .seconds(4),
    _ change: (inout UserAgentConfiguration) -> Void = { _ in }
  ) throws -> Rig {
    var rig = Rig(change)
    let record = try record ?? Self.record()
    #expect(rig.agent.newHandle() == call)
    rig.command(.takeUp(call, record, Rig.local, patience: patience))
    return rig
  }

  private static func methods(_ rig: Rig) -> [SIPMethod] { rig.requests.map(\.method) }

  @Test func `the caller is offered our audio, in the dialog and above whatever was sent before`() throws {
    let record = try Self.record()
    var rig = try Self.taking(record)
    let invite = try #require(rig.invites.first)
    #expect(invite.uriText == "sip:caller@192.0.2.7:5061" && invite.cseq.number == record.localSequence + 1_001)
    #expect(invite.callID == "call-1@192.0.2.7" && invite.to.tag == "abc" && invite.from == record.local)
    #expect(invite.headers[.contact] == "<sip:repartee@198.51.100.1:5060>" && invite.headers[.maxForwards] == "70")
    #expect(invite.body == OfferAnswer.offer(Rig.local).encoded())
    #expect(invite.headers[.contentType] == "application/sdp" && invite.headers[.allow] == UserAgent.allow)
    #expect(rig.sent.last?.path == Rig.caller && rig.agent.callCount == 1)
    rig.callee(100, tag: nil)
    rig.callee(200, tag: nil, [(.contact, "<sip:caller@192.0.2.9:5062>")], body: Samples.offer)
    let ack = try #require(rig.acknowledgements.first)
    #expect(ack.uriText == "sip:caller@192.0.2.9:5062" && ack.cseq == CSeq(invite.cseq.number, .ack))
    #expect(ack.to == invite.to && ack.from == invite.from && rig.sent.last?.key == nil)
    #expect(rig.answers.map { $0.media[0].port } == [18_000] && rig.ends.isEmpty)
    #expect(rig.agent.dialog(of: Self.call)?.remoteTarget == "sip:caller@192.0.2.9:5062")
    // Each repeated 2xx gets its ACK again, and nothing else.
    rig.callee(200, tag: nil, body: Samples.offer)
    #expect(rig.acknowledgements == [ack, ack] && rig.answers.count == 1)
    rig.pass(.seconds(40))
    #expect(Self.methods(rig) == [.invite, .ack, .ack] && rig.agent.acknowledgements.isEmpty && rig.ends.isEmpty)
    rig.command(.hangUp(Self.call))
    let bye = try #require(rig.requests.last)
    #expect(bye.method == .bye && bye.cseq.number == invite.cseq.number + 1)
    rig.reply(200)
    #expect(rig.ends == [.localHangUp] && rig.agent.callCount == 0 && rig.agent.handles.isEmpty)
    rig.pass(.seconds(40))
    #expect(rig.agent.transactionCount == 0 && rig.timers.isEmpty)
  }

  @Test func `the call is one as any other: keys, hold, the caller's end`() throws {
    var rig = try Self.taking()
    rig.callee(200, tag: nil, body: Samples.offer)
    func request(_ method: SIPMethod, _ number: UInt32, _ body: String = "", _ type: String = "application/sdp")
      throws -> SIPRequest
    {
      let dialog = try #require(rig.agent.dialog(of: Self.call))
      var request = rig.inDialog(method, number, body: body, type: type)
      (request.to, request.from) = (dialog.local, dialog.remote)
      return request
    }
    rig.receive(try request(.info, 2, "Signal=5\r\n", "application/dtmf-relay"))
    rig.receive(try request(.invite, 3, Samples.offer.replacing("sendrecv", with: "sendonly")))
    guard case .offered(Self.call, let offer?)? = rig.notices.last else {
      Issue.record("not offered")
      return
    }
    #expect(offer.media[0].direction == .sendonly)
    rig.command(.acceptOffer(Self.call, Rig.description))
    rig.receive(try request(.ack, 3))
    rig.receive(try request(.bye, 4))
    #expect(rig.statuses == [200, 100, 200, 200] && rig.ends == [.remoteHangUp])
    #expect(rig.notices.contains { if case .digit(Self.call, _) = $0 { true } else { false } })
  }

  /// What the phone makes of the offer, and what goes out behind it.
  private static let answers: [(Int, String, [SIPMethod], CallEnd)] = [
    (481, "", [.invite, .ack], .remoteHangUp), (486, "", [.invite, .ack, .bye], .noMediaAnswer),
    (500, "", [.invite, .ack, .bye], .noMediaAnswer), (603, "", [.invite, .ack, .bye], .noMediaAnswer),
    (401, "", [.invite, .ack, .bye], .noMediaAnswer), (200, "", [.invite, .ack, .bye], .noMediaAnswer),
    (200, "v=0 broken", [.invite, .ack, .bye], .noMediaAnswer),
    (200, Samples.offer.replacing("audio 18000", with: "audio 0"), [.invite, .ack, .bye], .noMediaAnswer),
  ]

  @Test(arguments: answers) func `a call that does not come back is ended at once`(
    _ status: Int, _ body: String, _ methods: [SIPMethod], _ end: CallEnd
  ) throws {
    var rig = try Self.taking()
    rig.callee(status, tag: nil, body: body)
    #expect(Self.methods(rig) == methods && rig.ends == [end] && rig.answers.isEmpty)
    if methods.last == .bye {
      #expect(rig.requests.last?.cseq.number == rig.invites[0].cseq.number + 1)
      rig.reply(200)
    }
    #expect(rig.agent.callCount == 0 && rig.now == .zero)
    rig.pass(.seconds(70))
    #expect(Self.methods(rig) == methods && rig.ends.count == 1)
    #expect(rig.agent.transactionCount == 0 && rig.timers.isEmpty && rig.agent.clients.isEmpty)
  }

  @Test(arguments: [false, true]) func `nobody waits longer than told, and a late answer gets its ACK`(_ rings: Bool)
    throws
  {
    var rig = try Self.taking()
    if rings { rig.callee(180, tag: nil) }
    rig.pass(.milliseconds(3_999))
    #expect(rig.ends.isEmpty && !Self.methods(rig).contains(.bye))
    rig.pass(.milliseconds(1))
    #expect(rig.ends == [.noMediaAnswer] && rig.requests.last?.method == .bye)
    rig.reply(200)
    let sent = rig.requests.count
    rig.pass(.seconds(20))
    #expect(rig.requests.count == sent, "behind a BYE no INVITE is repeated")
    rig.callee(200, tag: nil, body: Samples.offer)
    rig.callee(200, tag: nil, body: Samples.offer)
    #expect(Self.methods(rig).suffix(2) == [.ack, .ack] && rig.answers.isEmpty && rig.ends.count == 1)
    rig.pass(.seconds(40))
    #expect(rig.agent.transactionCount == 0 && rig.timers.isEmpty && rig.agent.acknowledgements.isEmpty)
    // Or nothing comes any more.
    var silent = try Self.taking()
    if rings { silent.callee(180, tag: nil) }
    silent.pass(.seconds(80))
    #expect(silent.agent.transactionCount == 0 && silent.agent.clients.isEmpty && silent.timers.isEmpty)
    #expect(silent.agent.callCount == 0 && silent.ends.count == 1)
  }

  @Test func `an offer that meets the caller's goes out again, as long as anybody waits`() throws {
    var rig = try Self.taking()
    rig.callee(491, tag: nil)
    let dialog = try #require(rig.agent.dialog(of: Self.call))
    var theirs = rig.inDialog(.invite, 2, body: Samples.offer)
    (theirs.to, theirs.from) = (dialog.local, dialog.remote)
    rig.receive(theirs)
    #expect(rig.statuses == [491] && rig.invites.count == 1, "one offer at a time")
    rig.pass(.milliseconds(999))
    #expect(rig.invites.count == 1)
    rig.pass(.milliseconds(1))
    #expect(rig.invites.map(\.cseq.number) == [1_001, 1_002])
    rig.callee(200, tag: nil, body: Samples.offer)
    #expect(rig.acknowledgements.last?.cseq.number == 1_002 && rig.answers.count == 1 && rig.ends.isEmpty)
    rig.pass(.seconds(10))
    #expect(rig.ends.isEmpty, "the time of the offer is over with its answer")
    var never = try Self.taking()
    for _ in 0..<10 {
      never.callee(491, tag: nil)
      never.pass(.seconds(1))
    }
    #expect(never.invites.count == 4 && never.ends == [.noMediaAnswer])
    #expect(
      never.sent.first { if case .request(let one) = $0.message { one.method == .bye } else { false } }?.at
        == .seconds(3))
    // Once it went out again, an answer is waited for until the same instant.
    var once = try Self.taking()
    once.callee(491, tag: nil)
    once.pass(.seconds(4))
    #expect(once.ends == [.noMediaAnswer] && once.sent.last?.at == .seconds(4))
  }

  /// Whether the caller's address is trusted, and whether our password goes there.
  @Test(arguments: [(true, true), (false, false)]) func `a challenge is answered where the dialog leads to a trunk`(
    _ isTrusted: Bool, _ isAnswered: Bool
  ) throws {
    let record = try Self.record()
    var rig = try Self.taking(record) {
      $0.credentials = DigestCredentials(user: "trunk", password: "p")
      if !isTrusted { $0.access.trusted = [] }
    }
    rig.callee(407, tag: nil, [(.proxyAuthenticate, CredentialTests.challenge)])
    guard isAnswered else {
      #expect(Self.methods(rig) == [.invite, .ack, .bye])
      return
    }
    #expect(rig.invites.map(\.cseq.number) == [1_001, 1_002] && CredentialTests.user(rig) == "trunk")
    rig.callee(200, tag: nil, body: Samples.offer)
    #expect(rig.acknowledgements.last?.headers[.proxyAuthorization] != nil && rig.answers.count == 1)
    #expect(rig.acknowledgements.last?.cseq.number == 1_002)
    rig.command(.hangUp(Self.call))
    #expect(rig.requests.last?.cseq == CSeq(1_003, .bye))
    // A second challenge is the end, and one behind the end is nothing.
    var again = try Self.taking(record) { $0.credentials = DigestCredentials(user: "trunk", password: "p") }
    for _ in 1...2 { again.callee(407, tag: nil, [(.proxyAuthenticate, CredentialTests.challenge)]) }
    #expect(again.invites.count == 2 && again.ends == [.noMediaAnswer])
    var over = try Self.taking(record) { $0.credentials = DigestCredentials(user: "trunk", password: "p") }
    over.command(.hangUp(Self.call))
    over.callee(407, tag: nil, [(.proxyAuthenticate, CredentialTests.challenge)])
    #expect(over.invites.count == 1 && over.ends == [.localHangUp])
  }

  @Test func `a caller who hangs up meanwhile has ended the call`() throws {
    var rig = try Self.taking()
    let dialog = try #require(rig.agent.dialog(of: Self.call))
    var bye = rig.inDialog(.bye, 2)
    (bye.to, bye.from) = (dialog.local, dialog.remote)
    rig.receive(bye)
    #expect(rig.statuses == [200] && rig.ends == [.remoteHangUp] && rig.agent.callCount == 0)
    rig.callee(487, tag: nil)
    rig.pass(.seconds(80))
    #expect(!Self.methods(rig).contains(.bye) && rig.invites.count == 1 && rig.timers.isEmpty)
    #expect(rig.agent.transactionCount == 0 && rig.agent.clients.isEmpty)
  }

  @Test func `a lost connection is not written to, and the Contact's port is tried at the address that was seen`()
    throws
  {
    let head = Samples.invite.replacing("/UDP", with: "/TCP")
    let seen = TransportPath(transport: .tcp, host: "192.0.2.8", port: 40_123, connection: 3)
    var rig = try Self.taking(try Self.record(head, from: seen))
    let first = try #require(rig.sent.last)
    #expect(first.path == TransportPath(transport: .tcp, host: "192.0.2.7", port: 5_061))
    rig.take(.transportFailed(try #require(first.key)))
    #expect(rig.sent.last?.path == TransportPath(transport: .tcp, host: "192.0.2.8", port: 5_061))
    rig.callee(200, tag: nil, body: Samples.offer)
    #expect(rig.acknowledgements.count == 1 && rig.answers.count == 1)
    var lost = try Self.taking(try Self.record(head, from: seen))
    for _ in 1...4 { if let key = lost.sent.last?.key { lost.take(.transportFailed(key)) } }
    #expect(lost.ends == [.noMediaAnswer] && lost.agent.callCount == 0)
  }

  @Test func `what cannot be taken up is told, and the caller is told BYE where that is possible`() throws {
    let record = try Self.record()
    // No room, and about to stop.
    for change: (inout Rig) -> Void in [{ $0.agent.configuration.maximumCalls = 0 }, { $0.command(.drain(true)) }] {
      var rig = Rig()
      change(&rig)
      rig.command(.takeUp(rig.agent.newHandle(), record, Rig.local, patience: .seconds(4)))
      #expect(Self.methods(rig) == [.bye] && rig.ends == [.noMediaAnswer] && rig.agent.callCount == 0)
    }
    var secure = record
    secure.remoteTarget = "sips:caller@192.0.2.7"
    for path in [nil, Rig.callerTCP] {
      secure.sourcePath = path
      let rig = try Self.taking(secure)
      #expect(rig.sent.isEmpty && rig.ends == [.noMediaAnswer] && rig.timers.isEmpty)
    }
    // An answer that asks for TLS is not acknowledged in clear.
    var moved = record
    moved.sourcePath = nil
    var other = try Self.taking(moved)
    other.callee(200, tag: nil, [(.contact, "<sips:caller@192.0.2.7>")], body: Samples.offer)
    #expect(Self.methods(other) == [.invite] && other.ends == [.noMediaAnswer])
    // Once is enough.
    var twice = try Self.taking(record)
    twice.command(.takeUp(twice.agent.newHandle(), record, Rig.local, patience: .seconds(4)))
    #expect(twice.invites.count == 1 && twice.agent.callCount == 1 && twice.ends == [.noMediaAnswer])
  }
}
