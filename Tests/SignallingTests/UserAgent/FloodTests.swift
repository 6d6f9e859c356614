import Testing

@testable import Signalling

/// A source that sends too much of one kind keeps what it has of the others.
@Suite struct FloodTests {
  static func options(_ number: Int) -> String {
    Samples.invite.replacing("INVITE", with: "OPTIONS").replacing("kfirst", with: "k\(number)").replacing(
      "Kfirst", with: "K\(number)")
  }

  static func invite(_ number: Int) -> String {
    Samples.invite.replacing("Kfirst", with: "Ki\(number)").replacing("call-1@", with: "call-i\(number)@")
  }

  static func rig(
    burst: Int = 3, _ change: (inout UserAgentConfiguration) -> Void = { _ in }
  ) -> Rig {
    Rig {
      $0.access.trustedRate = RequestRate(perSecond: 1, burst: burst)
      change(&$0)
    }
  }

  @Test(arguments: ["OPTIONS", "REGISTER", "MESSAGE", "BYE", "INFO", "DANCE"])
  func `a flood of one kind lets a call of the same source in`(_ method: String) {
    var rig = Self.rig()
    for number in 0..<100 {
      rig.receive(Self.options(number).replacing("OPTIONS", with: method), body: Samples.offer)
    }
    let answered = rig.statuses.count
    #expect(answered == 3)
    rig.receive(Samples.invite, body: Samples.offer)
    #expect(rig.statuses.last == 100 && rig.call != nil)
  }

  @Test func `a flood leaves the calls of its source as they are`() {
    var rig = Self.rig()
    let call = rig.establish()
    let requests = [
      rig.inDialog(.invite, 2, body: Samples.offer), rig.inDialog(.ack, 2), rig.inDialog(.bye, 3),
    ]
    for number in 0..<50 {
      rig.receive(Self.options(number))
      rig.receive(Self.invite(number), body: Samples.offer)
    }
    rig.sent = []
    rig.receive(requests[0])
    #expect(rig.statuses == [100])
    rig.command(.acceptOffer(call, Rig.description))
    rig.receive(requests[1])
    #expect(rig.notices.contains { if case .offerSettled(call, _) = $0 { true } else { false } })
    rig.receive(requests[2])
    #expect(rig.ends == [.remoteHangUp] && rig.statuses.last == 200)
  }

  @Test func `a call that rings can be taken back whatever else its source sends`() {
    var rig = Self.rig()
    rig.receive(Samples.invite, body: Samples.offer)
    for number in 0..<50 {
      rig.receive(Self.options(number))
      rig.receive(Self.options(number + 100).replacing("OPTIONS", with: "CANCEL"))
    }
    rig.receive(Samples.invite.replacing("INVITE", with: "CANCEL"))
    #expect(rig.ends == [.cancelled] && Array(rig.statuses.suffix(2)) == [200, 487])
  }

  @Test func `calls above the rate are told so, as long as the allowance for that lasts`() throws {
    var rig = Self.rig { $0.access.busyRate = RequestRate(perSecond: 1, burst: 4) }
    for number in 0..<20 { rig.receive(Self.invite(number), body: Samples.offer) }
    #expect(rig.statuses == [100, 100, 100, 503, 503, 503, 503] && rig.agent.callCount == 3)
    #expect(rig.agent.transactionCount == 3, "nothing is kept of what is refused")
    let last = try #require(rig.responses.last)
    #expect(last.headers[.retryAfter] == "10" && last.to.tag != nil && rig.sent.last?.path == Rig.caller)
    rig.now = .milliseconds(1_000)
    rig.receive(Self.invite(20), body: Samples.offer)
    #expect(rig.statuses.last == 100, "whoever comes again later is let in")
    rig.receive(Self.invite(21), body: Samples.offer)
    rig.receive(Self.invite(22), body: Samples.offer)
    #expect(rig.statuses.suffix(2) == [100, 503])
    let count = rig.sent.count
    rig.receive(Self.invite(22).replacing("INVITE", with: "ACK"))
    #expect(rig.sent.count == count)
  }

  @Test func `a refusal that is repeated is the same one`() {
    var rig = Self.rig(burst: 1)
    rig.receive(Self.invite(0), body: Samples.offer)
    for _ in 0..<2 { rig.receive(Self.invite(1), body: Samples.offer) }
    #expect(rig.responses.suffix(2).map(\.status) == [503, 503])
    #expect(Set(rig.responses.suffix(2).map(\.to.tag)).count == 1)
  }

  @Test func `all sources together are told so at a bounded rate`() {
    var rig = Self.rig(burst: 1) {
      $0.access.busyRateOfAll = RequestRate(perSecond: 1, burst: 5)
      $0.maximumCalls = 1_000
    }
    for host in 1...50 {
      for number in 0..<2 {
        rig.receive(
          Self.invite(host * 2 + number), body: Samples.offer,
          from: TransportPath(transport: .udp, host: "192.0.2.\(host)", port: 5_061))
      }
    }
    #expect(rig.statuses.count { $0 == 503 } == 5 && rig.statuses.count { $0 == 100 } == 50)
  }

  @Test func `a refusal is never longer than what it refuses`() {
    var rig = Self.rig(burst: 1)
    let short = """
      INVITE sip:a@b SIP/2.0
      v: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1;rport
      f: <sip:c@d>;tag=1
      t: <sip:a@b>
      i: 1
      CSeq: 1 INVITE
      """
    rig.receive(short.replacing("bK1", with: "bK2"))
    let before = rig.sent.count
    rig.receive(short)
    #expect(rig.sent.count == before, "an answer to this would be longer")
    for length in 0..<200 {
      let text = short.replacing("\nCSeq", with: "\ns: \(String(repeating: "x", count: length))\nCSeq")
      let count = rig.sent.count
      rig.now += .seconds(1)
      rig.receive(text.replacing("bK1", with: "bKa\(length)"))
      let again = text.replacing("bK1", with: "bKb\(length)")
      rig.receive(again)
      for (_, message, _, _) in rig.sent.dropFirst(count) {
        guard case .response(let response) = message, response.status == 503 else { continue }
        #expect(message.encoded().count <= Samples.message(again).count)
      }
    }
    #expect(rig.statuses.contains(503))
  }

  @Test func `transactions of one kind leave room for calls and for what belongs to them`() {
    var rig = Rig {
      $0.maximumTransactions = 40
      $0.access.trustedRate = RequestRate(perSecond: 1_000, burst: 1_000)
    }
    _ = rig.establish()
    let bye = rig.inDialog(.bye, 2)
    for number in 0..<100 { rig.receive(Self.options(number)) }
    rig.receive(Self.invite(0), body: Samples.offer)
    #expect(rig.statuses.last == 100, "room for a call")
    for number in 1..<100 { rig.receive(Self.invite(number), body: Samples.offer) }
    #expect(rig.statuses.last == 503)
    rig.receive(bye)
    #expect(rig.statuses.last == 200 && rig.ends == [.remoteHangUp], "room for the end of one")
  }

  @Test func `every kind has an allowance of its own before it is read`() {
    var bounds = SourceGate.Bounds()
    bounds.stranger = RequestRate(perSecond: 1, burst: 5)
    bounds.strangers = RequestRate(perSecond: 1, burst: 50)
    bounds.strangersOctets = RequestRate(perSecond: 1, burst: 1_000)
    var gate = SourceGate(trusted: [], bounds: bounds)
    for number in 0..<500 {
      _ = gate.admitMessage(.other, of: IPAddress(v4: UInt32(number)), at: .zero)
      _ = gate.admit(octets: 400, .other, of: IPAddress(v4: UInt32(number)), at: .zero)
    }
    for kind in [MessageKind.invite, .call] {
      let message = gate.admitMessage(kind, of: IPAddress(v4: 3), at: .zero)
      let octets = gate.admit(octets: 400, kind, of: IPAddress(v4: 3), at: .zero)
      #expect(message && octets, "\(kind)")
    }
    let other = gate.admitMessage(.other, of: IPAddress(v4: 3), at: .zero)
    #expect(!other)
  }

  @Test(arguments: [
    ("INVITE sip:a@b SIP/2.0", MessageKind.invite), ("\r\n\r\nINVITE sip:a@b SIP/2.0", .invite),
    ("BYE sip:a@b SIP/2.0", .call), ("ACK sip:a@b", .call), ("CANCEL sip:a@b", .call), ("SIP/2.0 200 OK", .call),
    ("OPTIONS sip:a@b", .other), ("SUBSCRIBE sip:a@b", .other), ("INVITES sip:a@b", .other), ("invite sip:a@b", .other),
    ("", .other), ("INVITE", .invite), ("\u{0}\u{1}", .other),
  ])
  func `the first token says what a message is for`(_ text: String, _ kind: MessageKind) {
    #expect(MessageKind(startingWith: Array(text.utf8)) == kind)
  }
}
