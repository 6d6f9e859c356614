import Testing

@testable import Signalling

@Suite struct TransferTests {
  func notify(_ rig: Rig, _ number: UInt32, _ line: String, state: String = "active", event: String = "refer")
    -> SIPRequest
  {
    var request = rig.inDialog(.notify, number, body: line, type: "message/sipfrag;version=2.0")
    request.headers.add(.event, event)
    request.headers.add(.subscriptionState, state)
    return request
  }

  func referring() -> (Rig, CallHandle) {
    var rig = Rig()
    let call = rig.establish()
    rig.command(.refer(call, to: "sip:person@192.0.2.50", timeout: .seconds(30)))
    return (rig, call)
  }

  @Test(arguments: [
    (200, ReferOutcome.accepted), (486, .busy), (600, .busy), (603, .declined), (480, .noAnswer), (408, .noAnswer),
    (487, .noAnswer), (404, .unreachable), (503, .unreachable),
  ]) func `the new call's status is the transfer's outcome`(_ status: Int, _ outcome: ReferOutcome) {
    var (rig, _) = referring()
    let refer = rig.requests.last
    #expect(refer?.method == .refer && refer?.headers[.referTo] == "<sip:person@192.0.2.50>")
    #expect(refer?.headers.has(.referredBy) == true && refer?.headers.has(.contact) == true)
    // The first NOTIFY overtakes the 202.
    rig.receive(notify(rig, 2, "SIP/2.0 100 Trying\r\n"))
    #expect(rig.statuses.last == 200)
    rig.reply(202)
    rig.receive(notify(rig, 3, "SIP/2.0 180 Ringing\r\n", event: "refer;id=1"))
    rig.receive(notify(rig, 4, "SIP/2.0 200 OK\r\n", event: "refer;id=77"))
    #expect(rig.outcomes.isEmpty, "another REFER's")
    rig.receive(notify(rig, 5, "SIP/2.0 \(status) X\r\n", state: "terminated;reason=noresource"))
    rig.receive(notify(rig, 6, "SIP/2.0 404 X\r\n", state: "terminated"))
    #expect(rig.outcomes == [outcome] && rig.statuses.last == 200)
    let progress = rig.notices.compactMap { if case .transferProgress(_, let one) = $0 { one } else { nil } }
    #expect(progress == [100, 180, status])
    rig.pass(.seconds(100))
    #expect(rig.outcomes == [outcome] && rig.finalStatuses == (status < 300 ? [] : [status]))
  }

  @Test(arguments: [(603, ReferOutcome.declined), (405, .unreachable), (486, .busy)])
  func `a refused REFER is an outcome`(_ status: Int, _ outcome: ReferOutcome) {
    var (rig, call) = referring()
    rig.reply(status)
    #expect(rig.outcomes == [outcome] && rig.finalStatuses == [status])
    rig.command(.refer(call, to: "sip:other@192.0.2.50", timeout: .seconds(30)))
    #expect(rig.requests.last?.cseq.number == 2)
    rig.reply(202)
    rig.receive(notify(rig, 2, "SIP/2.0 200 OK", event: "refer;id=2"))
    #expect(rig.outcomes == [outcome, .accepted])
  }

  @Test func `silence, a lost REFER and a caller who leaves are outcomes`() {
    var (rig, _) = referring()
    rig.reply(202)
    rig.pass(.seconds(31))
    #expect(rig.outcomes == [.timedOut])
    var (left, _) = referring()
    left.reply(202)
    left.receive(left.inDialog(.bye, 2))
    #expect(left.outcomes == [.handedOver] && left.ends == [.remoteHangUp])
    var (ended, _) = referring()
    ended.reply(202)
    ended.receive(notify(ended, 2, "SIP/2.0 100 Trying", state: "terminated;reason=timeout"))
    #expect(ended.outcomes == [.timedOut])
    var (none, call) = referring()
    none.command(.refer(call, to: "sip:b@192.0.2.50", timeout: .seconds(1)))
    none.command(.refer(CallHandle(number: 99), to: "sip:b@192.0.2.50", timeout: .seconds(1)))
    none.command(.hangUp(call))
    #expect(none.outcomes == [.unreachable, .unreachable, .callerLeft])
    let count = none.requests.count { $0.method == .refer }
    none.pass(.seconds(40))
    #expect(none.requests.count { $0.method == .refer } == count, "no REFER after BYE")
  }

  @Test func `a NOTIFY that nobody asked for is refused`() {
    var rig = Rig()
    _ = rig.establish()
    rig.receive(notify(rig, 2, "SIP/2.0 200 OK"))
    #expect(rig.statuses.last == 481)
    rig.receive(notify(rig, 3, "", event: "message-summary"))
    #expect(rig.statuses.last == 489)
  }

  @Test func `a challenged REFER is repeated once with an answer`() {
    var rig = Rig { $0.credentials = DigestCredentials(user: "u", password: "p") }
    let call = rig.establish()
    rig.command(.refer(call, to: "sip:person@192.0.2.50", timeout: .seconds(30)))
    let challenge = "Digest realm=\"pbx\", nonce=\"n\", qop=\"auth\", algorithm=MD5"
    rig.reply(407, headers: [(.proxyAuthenticate, challenge)])
    #expect(rig.requests.last?.headers[.proxyAuthorization]?.contains("nc=00000001") == true)
    #expect(rig.requests.last?.cseq.number == 2)
    rig.reply(407, headers: [(.proxyAuthenticate, challenge)])
    #expect(rig.requests.count { $0.method == .refer } == 2 && rig.outcomes == [.unreachable])
  }
}
