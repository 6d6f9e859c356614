import Testing

@testable import Signalling

@Suite struct CallTests {
  @Test func `a call with offer is answered, acknowledged and ended by the caller`() throws {
    var rig = Rig()
    rig.receive(Samples.invite, body: Samples.offer)
    let call = try #require(rig.call)
    guard case .incoming(_, let incoming)? = rig.notices.first else { return }
    #expect(incoming.offer?.media.first?.port == 18_000 && incoming.requestURI == "sip:line@192.0.2.1")
    rig.command(.ring(call))
    rig.command(.answer(call, Rig.description))
    #expect(rig.statuses == [100, 180, 200])
    let ok = try #require(rig.responses.last)
    #expect(ok.to.tag == rig.responses[1].to.tag && ok.headers[.contact] == "<sip:repartee@198.51.100.1:5060>")
    #expect(ok.body == Rig.description.encoded())
    rig.receive(rig.inDialog(.ack, 1))
    guard case .established(call, answer: nil)? = rig.notices.last else {
      Issue.record("not established")
      return
    }
    rig.pass(.seconds(100))
    #expect(rig.statuses == [100, 180, 200], "nothing is repeated after the ACK")
    rig.receive(rig.inDialog(.bye, 2))
    rig.receive(rig.inDialog(.bye, 2))
    #expect(rig.statuses == [100, 180, 200, 200, 200] && rig.ends == [.remoteHangUp])
    rig.receive(rig.inDialog(.bye, 3))
    #expect(rig.statuses.last == 481)
    rig.pass(.seconds(40))
    #expect(rig.agent.callCount == 0 && rig.agent.transactionCount == 0)
  }

  @Test func `an INVITE without offer gets ours, the answer comes in the ACK`() throws {
    var rig = Rig()
    rig.receive(Samples.invite.replacing("\nContent-Type: application/sdp", with: ""))
    let call = try #require(rig.call)
    rig.command(.answer(call, Rig.description))
    rig.receive(rig.inDialog(.ack, 1, body: Samples.offer))
    guard case .established(call, let answer?)? = rig.notices.last else {
      Issue.record("not established")
      return
    }
    #expect(answer.media.first?.port == 18_000)
    var bare = Rig()
    bare.receive(Samples.invite.replacing("\nContent-Type: application/sdp", with: ""))
    bare.command(.answer(try #require(bare.call), Rig.description))
    bare.receive(bare.inDialog(.ack, 1))
    #expect(bare.ends == [.noMediaAnswer] && bare.requests.map(\.method) == [.bye])
  }

  @Test(arguments: [Rig.caller, Rig.callerTCP]) func `a 200 is repeated until ACK on every transport, then BYE`(
    _ path: TransportPath
  ) throws {
    var rig = Rig()
    let head = path.transport == .tcp ? Samples.invite.replacing("/UDP", with: "/TCP") : Samples.invite
    rig.receive(head, body: Samples.offer, from: path)
    rig.command(.answer(try #require(rig.call), Rig.description))
    rig.pass(.seconds(31))
    let times = rig.sent.filter { if case .response(let one) = $0.message { one.status == 200 } else { false } }.map(
      \.at)
    #expect(times == [0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500].map { .milliseconds($0) })
    #expect(rig.requests.isEmpty)
    rig.pass(.seconds(2))
    #expect(rig.requests.map(\.method).first == .bye && rig.ends == [.notAcknowledged])
    // Over a stream the port is the Contact's, for the case that the connection is gone.
    #expect(rig.sent.last?.path.connection == path.connection && rig.sent.last?.path.host == path.host)
    rig.pass(.seconds(100))
    #expect(rig.agent.callCount == 0 && rig.agent.transactionCount == 0 && rig.timers.isEmpty)
  }

  @Test func `CANCEL ends what rings and nothing else`() throws {
    var rig = Rig()
    let cancel = Samples.invite.replacing("INVITE", with: "CANCEL")
    rig.receive(cancel)
    #expect(rig.statuses == [481])
    rig.receive(Samples.invite, body: Samples.offer)
    rig.receive(cancel.replacing("branch=z9hG4bKfirst", with: "branch=z9hG4bKother"))
    #expect(rig.statuses.last == 481 && rig.ends.isEmpty)
    rig.pass(.seconds(33))
    rig.receive(cancel)
    #expect(rig.statuses.suffix(2) == [200, 487] && rig.ends == [.cancelled])
    rig.command(.answer(try #require(rig.call), Rig.description))
    #expect(rig.statuses.last == 487)
    var late = Rig()
    late.receive(Samples.invite, body: Samples.offer)
    late.command(.answer(try #require(late.call), Rig.description))
    late.receive(cancel)
    #expect(late.statuses == [100, 200, 200] && late.ends.isEmpty)
  }

  static let answers: [(String, String, String, Int)] = [
    ("OPTIONS", Samples.invite.replacing("INVITE", with: "OPTIONS"), "", 200),
    ("REGISTER", Samples.invite.replacing("INVITE", with: "REGISTER"), "", 405),
    ("unknown method", Samples.invite.replacing("INVITE", with: "NEWMETHOD"), "", 501),
    (
      "BYE of no dialog",
      Samples.invite.replacing("INVITE", with: "BYE").replacing(
        "To: <sip:line@192.0.2.1>", with: "To: <sip:line@192.0.2.1>;tag=x"), "", 481
    ),
    (
      "INVITE of no dialog",
      Samples.invite.replacing("To: <sip:line@192.0.2.1>", with: "To: <sip:line@192.0.2.1>;tag=x"), Samples.offer, 481
    ),
    ("unknown extension", Samples.invite + "\nRequire: nothingSupportsThis, 100rel", Samples.offer, 420),
    (
      "unknown scheme", Samples.invite.replacing("sip:line@192.0.2.1 SIP", with: "urn:service:sos SIP"), Samples.offer,
      416
    ),
    ("unknown body", Samples.invite.replacing("application/sdp", with: "application/unknown"), "<x/>", 415),
    ("compressed body", Samples.invite + "\nContent-Encoding: gzip", Samples.offer, 415),
    ("broken description", Samples.invite, "v=0\r\nbroken", 400),
    ("accepts only text", Samples.invite + "\nAccept: text/plain", Samples.offer, 406),
    ("no Contact", Samples.invite.replacing("Contact:", with: "X-Contact:"), Samples.offer, 400),
    ("session interval too small", Samples.invite + "\nSupported: timer\nSession-Expires: 30", Samples.offer, 422),
    ("wrong version", Samples.invite.replacing(" SIP/2.0\nVia", with: " SIP/3.0\nVia"), Samples.offer, 505),
    (
      "no hops left, but it has arrived", Samples.invite.replacing("Max-Forwards: 70", with: "Max-Forwards: 0"),
      Samples.offer, 100
    ),
    ("reliable provisional answers required", Samples.invite + "\nRequire: 100rel", Samples.offer, 100),
  ]

  @Test(arguments: answers.indices) func `requests get the status they deserve`(_ index: Int) {
    let (name, head, body, status) = Self.answers[index]
    var rig = Rig()
    rig.receive(head, body: body)
    #expect(rig.statuses == [status], "\(name)")
    #expect((rig.call != nil) == (status == 100), "\(name)")
    let tag = rig.responses.first?.to.tag ?? rig.refused.first?.refusal.envelope[.to].flatMap { NameAddress($0)?.tag }
    if status != 100 { #expect(tag != nil, "\(name)") }
    if status == 420 { #expect(rig.responses[0].headers[.unsupported] == "nothingSupportsThis") }
    if status == 405 { #expect(rig.responses[0].headers[.allow]?.contains("INVITE") == true) }
  }

  @Test func `the same request on another way is a loop`() {
    var rig = Rig()
    rig.receive(Samples.invite, body: Samples.offer)
    rig.receive(Samples.invite.replacing("z9hG4bKfirst", with: "z9hG4bKsecond"), body: Samples.offer)
    #expect(rig.statuses == [100, 482])
  }

  @Test func `hold, resume and glare`() throws {
    var rig = Rig()
    let call = rig.establish()
    let hold = Samples.offer.replacing("sendrecv", with: "sendonly")
    rig.receive(rig.inDialog(.invite, 2, body: hold))
    guard case .offered(call, let offer?)? = rig.notices.last else {
      Issue.record("not offered")
      return
    }
    #expect(offer.media[0].direction == .sendonly)
    rig.receive(rig.inDialog(.invite, 3, body: hold))
    #expect(rig.statuses.last == 500 && rig.responses.last?.headers.has(.retryAfter) == true)
    rig.command(.acceptOffer(call, Rig.description))
    #expect(rig.statuses.last == 200)
    rig.receive(rig.inDialog(.invite, 4, body: hold))
    #expect(rig.statuses.last == 491)
    rig.receive(rig.inDialog(.ack, 2, branch: "ack2"))
    guard case .offerSettled(call, answer: nil)? = rig.notices.last else {
      Issue.record("not settled")
      return
    }
    rig.receive(rig.inDialog(.invite, 5))
    guard case .offered(call, nil)? = rig.notices.last else {
      Issue.record("an INVITE without offer asks for ours")
      return
    }
    rig.command(.rejectOffer(call, status: 488))
    #expect(rig.statuses.last == 488 && rig.ends.isEmpty)
    rig.receive(rig.inDialog(.ack, 5, branch: "INVITE5"))
    rig.receive(rig.inDialog(.invite, 6, body: hold))
    rig.receive(rig.inDialog(.cancel, 6, branch: "INVITE6"))
    #expect(rig.statuses.suffix(2) == [200, 487] && rig.ends.isEmpty)
    rig.receive(rig.inDialog(.invite, 6, branch: "old", body: hold))
    #expect(rig.statuses.last == 500, "a sequence that was used")
    rig.receive(rig.inDialog(.invite, 7, body: hold))
    rig.pass(.seconds(11))
    #expect(rig.statuses.contains(500) && rig.ends.isEmpty)
  }

  @Test(arguments: [SIPMethod.bye, .invite, .info, .update, .options, .notify])
  func `a request that does not count on is refused, and its call goes on`(_ method: SIPMethod) {
    var rig = Rig()
    let call = rig.establish()
    let info = (body: "Signal=5\r\n", type: "application/dtmf-relay")
    rig.receive(rig.inDialog(.info, 7, body: info.body, type: info.type))
    #expect(rig.statuses.last == 200)
    for number: UInt32 in [7, 6, 1, 0] {
      let before = rig.notices.count
      let body = method == .info ? info.body : method == .invite ? Samples.offer : ""
      let type = method == .info ? info.type : "application/sdp"
      let old = rig.inDialog(method, number, branch: "old\(method)\(number)", body: body, type: type)
      rig.receive(old)
      #expect(rig.statuses.last == 500 && rig.notices.count == before && rig.agent.dialog(of: call) != nil)
      if method != .invite { rig.receive(old) }
      #expect(
        rig.statuses.suffix(method == .invite ? 1 : 2).allSatisfy { $0 == 500 }, "a repetition has the same answer")
    }
    let again = rig.inDialog(.info, 7, body: info.body, type: info.type)
    rig.receive(again)
    #expect(rig.statuses.last == 200, "a repetition is not out of order")
    rig.receive(rig.inDialog(.bye, 8))
    rig.receive(rig.inDialog(.bye, 8))
    #expect(rig.statuses.suffix(2) == [200, 200] && rig.ends == [.remoteHangUp])
  }

  @Test func `UPDATE refreshes and INFO carries keys`() {
    var rig = Rig()
    let call = rig.establish()
    rig.receive(rig.inDialog(.update, 2))
    #expect(rig.statuses.last == 200)
    rig.receive(rig.inDialog(.update, 3, body: Samples.offer))
    rig.command(.acceptOffer(call, Rig.description))
    #expect(rig.statuses.last == 200)
    for (number, body, status) in [
      (UInt32(4), "Signal=5\r\nDuration=160\r\n", 200), (5, "Signal= #\n", 200), (6, "Signal=11", 200),
      (7, "Signal=", 400),
    ] {
      rig.receive(rig.inDialog(.info, number, body: body, type: "application/dtmf-relay"))
      #expect(rig.statuses.last == status)
    }
    rig.receive(rig.inDialog(.info, 8, body: "x", type: "application/x"))
    #expect(rig.statuses.last == 415)
    let digits = rig.notices.compactMap { if case .digit(call, let digit) = $0 { digit.character } else { nil } }
    #expect(digits == ["5", "#", "#"])
  }

  @Test func `hanging up waits for the ACK and a crossing BYE is answered`() throws {
    var rig = Rig()
    rig.receive(Samples.invite, body: Samples.offer)
    let call = try #require(rig.call)
    rig.command(.answer(call, Rig.description))
    rig.command(.hangUp(call))
    #expect(rig.requests.isEmpty)
    rig.receive(rig.inDialog(.ack, 1))
    #expect(rig.requests.map(\.method) == [.bye] && rig.ends == [.localHangUp])
    rig.receive(rig.inDialog(.bye, 2))
    #expect(rig.statuses.last == 200 && rig.ends.count == 1)
    #expect(rig.agent.callCount == 0)
  }

  @Test func `the application's silence ends in 480, refusal in its status`() throws {
    var rig = Rig()
    rig.receive(Samples.invite, body: Samples.offer)
    rig.pass(.seconds(61))
    #expect(rig.statuses.contains(480) && rig.ends == [.rejected(480)])
    var refused = Rig()
    refused.receive(Samples.invite, body: Samples.offer)
    refused.command(.reject(try #require(refused.call), status: 404))
    refused.receive(refused.inDialog(.ack, 1, branch: "first"))
    #expect(refused.statuses == [100, 404] && refused.ends == [.rejected(404)])
    refused.pass(.seconds(40))
    #expect(refused.statuses == [100, 404] && refused.agent.transactionCount == 0)
  }

  @Test func `a session that is not refreshed is ended, one that is ours to refresh is refreshed`() {
    var rig = Rig()
    let head = Samples.invite + "\nSupported: timer\nAllow: INVITE, UPDATE\nSession-Expires: 90"
    _ = rig.establish(head)
    let ok = rig.responses.last { $0.status == 200 }
    #expect(ok?.headers[.sessionExpires] == "90;refresher=uac" && ok?.headers[.require] == "timer")
    rig.pass(.seconds(50))
    var refresh = rig.inDialog(.update, 2)
    refresh.headers.add(.sessionExpires, "90;refresher=uac")
    refresh.headers.add(.supported, "timer")
    rig.receive(refresh)
    rig.pass(.seconds(50))
    #expect(rig.ends.isEmpty)
    rig.pass(.seconds(20))
    #expect(rig.ends == [.sessionExpired] && rig.requests.first?.method == .bye)
    var ours = Rig()
    _ = ours.establish(head + ";refresher=uas")
    ours.pass(.seconds(46))
    #expect(ours.requests.map(\.method) == [.update, .update])
    ours.reply(200)
    ours.pass(.seconds(40))
    #expect(ours.ends.isEmpty)
    ours.pass(.seconds(6))
    ours.reply(481)
    #expect(ours.ends == [.sessionExpired])
  }
}
