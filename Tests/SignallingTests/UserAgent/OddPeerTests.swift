import Core
import Testing

@testable import Signalling

/// What peers do in dialogs that a textbook does not do.
@Suite struct OddPeerTests {
  static func invite(_ change: (String) -> String) -> String { change(Samples.invite) }

  // MARK: Request-URI and bodies

  @Test(arguments: ["tel:+15550199;phone-context=ims.example.com", "TEL:+1-555-0199"])
  func `a call to a telephone number is a call`(_ uri: String) {
    var rig = Rig()
    rig.receive(Samples.invite.replacing("INVITE sip:line@192.0.2.1", with: "INVITE \(uri)"), body: Samples.offer)
    #expect(rig.statuses == [100] && rig.call != nil)
    rig.receive(
      Samples.invite.replacing("INVITE sip:line@192.0.2.1", with: "OPTIONS urn:service:sos")
        .replacing("CSeq: 1 INVITE", with: "CSeq: 1 OPTIONS"))
    #expect(rig.statuses.last == 416)
  }

  static func multipart(_ parts: [(type: String, body: String)], boundary: String = "unique-boundary-1") -> String {
    "preamble\r\n" + parts.map { "--\(boundary)\r\n\($0.type)\r\n\r\n\($0.body)\r\n" }.joined() + "--\(boundary)--\r\n"
  }
  static let isup = (
    type: "Content-Type: application/ISUP;version=itu-t92+\r\nContent-Disposition: signal;handling=optional",
    body: "\u{1}\u{2}ab"
  )
  static let sdp = (type: "Content-Type: application/sdp", body: Samples.offer)

  @Test(arguments: [
    ("multipart/mixed;boundary=unique-boundary-1", multipart([sdp, isup])),
    ("multipart/mixed; boundary=\"unique-boundary-1\"", multipart([isup, sdp])),
    (
      "Multipart/Alternative;boundary=unique-boundary-1",
      multipart([("c: application/SDP ; charset=utf-8", Samples.offer)])
    ),
    (
      "multipart/mixed;boundary=outer",
      multipart(
        [("Content-Type: multipart/alternative;boundary=unique-boundary-1", multipart([isup, sdp]))], boundary: "outer")
    ),
    ("application / sdp", Samples.offer), ("APPLICATION/SDP;charset=ISO-8859-1", Samples.offer),
  ])
  func `a session description is found wherever it stands in the body`(_ type: String, _ body: String) {
    var rig = Rig()
    rig.receive(Samples.invite.replacing("application/sdp", with: type), body: body)
    #expect(rig.statuses == [100], "\(type)")
    guard case .incoming(_, let incoming)? = rig.notices.last else {
      Issue.record("no call for \(type)")
      return
    }
    #expect(incoming.offer?.media.first?.port == 18_000)
  }

  @Test func `a body without type that begins as a session description is one`() {
    var rig = Rig()
    rig.receive(Samples.invite.replacing("\nContent-Type: application/sdp", with: ""), body: Samples.offer)
    #expect(rig.statuses == [100])
  }

  @Test(arguments: [
    "multipart/mixed", "multipart/mixed;boundary=other", "application/isup", "text/plain",
    "multipart/mixed;boundary=\"\"",
  ]) func `a body that we cannot read is answered with 415 and what we can`(_ type: String) {
    var rig = Rig()
    rig.receive(Samples.invite.replacing("application/sdp", with: type), body: Self.multipart([Self.isup]))
    #expect(rig.statuses == [415] && rig.responses.last?.headers[.accept] == "application/sdp, multipart/mixed")
  }

  @Test func `a body that is optional and unknown is left aside`() {
    var rig = Rig()
    let head = Samples.invite.replacing(
      "application/sdp", with: "application/isup\nContent-Disposition: signal; handling=optional")
    rig.receive(head, body: "abc")
    #expect(rig.statuses == [100])
    guard case .incoming(_, let incoming)? = rig.notices.last else { return }
    #expect(incoming.offer == nil, "we offer then")
  }

  @Test(arguments: ["gzip", "deflate, gzip", "e"]) func `a compressed body is answered with 415 and what we read`(
    _ name: String
  ) {
    var rig = Rig()
    let line = name == "e" ? "e: gzip" : "Content-Encoding: \(name)"
    rig.receive(Samples.invite + "\n" + line, body: Samples.offer)
    #expect(rig.statuses == [415] && rig.responses.last?.headers["Accept-Encoding"] == "identity")
  }

  @Test func `an answer in several parts to our offer is read`() {
    var rig = Rig()
    rig.receive(Samples.invite)
    rig.command(.answer(rig.call ?? CallHandle(number: 0), Rig.description))
    rig.receive(
      rig.inDialog(
        .ack, 1, body: Self.multipart([Self.isup, Self.sdp]), type: "multipart/mixed;boundary=unique-boundary-1"))
    guard case .established(_, let answer)? = rig.notices.last else {
      Issue.record("not established")
      return
    }
    #expect(answer?.media.first?.port == 18_000)
  }

  @Test func `a description that is too long is answered with 513`() {
    var rig = Rig()
    let lines = String(repeating: "a=x:" + String(repeating: "y", count: 60) + "\r\n", count: 300)
    rig.receive(Samples.invite, body: Samples.offer + lines)
    #expect(rig.statuses == [513])
  }

  // MARK: Ends

  @Test func `a PBX that says BYE after it took a REFER has taken the call over`() {
    for progress in [nil, "SIP/2.0 100 Trying", "SIP/2.0 180 Ringing"] {
      var rig = Rig()
      let call = rig.establish()
      rig.command(.refer(call, to: "sip:person@192.0.2.50", timeout: .seconds(30)))
      rig.reply(202)
      if let progress {
        var notify = rig.inDialog(.notify, 2, body: progress, type: "message/sipfrag")
        notify.headers.add(.event, "refer")
        notify.headers.add(.subscriptionState, "active")
        rig.receive(notify)
      }
      rig.receive(rig.inDialog(.bye, 3))
      #expect(rig.outcomes == [.handedOver] && rig.ends == [.remoteHangUp])
      #expect(rig.outcomes.first?.transferOutcome == .accepted)
    }
  }

  @Test func `a caller who leaves before the PBX took a REFER has left`() {
    var rig = Rig()
    let call = rig.establish()
    rig.command(.refer(call, to: "sip:person@192.0.2.50", timeout: .seconds(30)))
    rig.receive(rig.inDialog(.bye, 2))
    #expect(rig.outcomes == [.callerLeft])
  }

  // MARK: Where requests go

  static let tcp = Samples.invite.replacing("UDP", with: "TCP")
    .replacing("Contact: <sip:caller@192.0.2.7:5061>", with: "Contact: <sip:caller@192.0.2.7:5071;transport=tcp>")

  @Test func `a request over TCP goes on the caller's connection, and to its Contact when that is gone`() {
    var rig = Rig()
    let call = rig.establish(Self.tcp, from: Rig.callerTCP)
    rig.command(.hangUp(call))
    let bye = rig.sent.last
    #expect(bye?.path == TransportPath(transport: .tcp, host: "192.0.2.7", port: 5_071, connection: 3))
  }

  @Test func `a Contact that cannot be reached is tried where the caller was seen`() throws {
    var rig = Rig()
    let call = rig.establish(
      Self.tcp.replacing("caller@192.0.2.7:5071", with: "caller@10.0.0.7:5071"), from: Rig.callerTCP)
    rig.command(.hangUp(call))
    let first = try #require(rig.sent.last)
    #expect(first.path.host == "10.0.0.7")
    rig.take(.transportFailed(try #require(first.key)))
    let second = try #require(rig.sent.last)
    #expect(second.path == TransportPath(transport: .tcp, host: "192.0.2.7", port: 5_071))
    #expect(
      rig.requests.count { $0.method == .bye } == 2
        && rig.requests.last?.vias[0].branch != rig.requests.first?.vias[0].branch)
    rig.take(.transportFailed(try #require(second.key)))
    #expect(rig.agent.callCount == 0 && rig.requests.count == 2)
  }

  @Test func `a response goes to the port of Via when its connection is gone`() throws {
    let request = try Samples.request(Self.tcp)
    let path = TransactionLayer.replyPath(request.vias.first, from: Rig.callerTCP)
    #expect(path == TransportPath(transport: .tcp, host: "192.0.2.7", port: 5_061, connection: 3))
  }

  @Test func `a BYE after a crash goes to the Contact, not to the port of a lost connection`() throws {
    var before = Rig()
    let call = before.establish(Self.tcp, from: Rig.callerTCP)
    let dialog = try #require(before.agent.dialog(of: call))
    var after = Rig()
    after.command(.recoverBye(dialog))
    #expect(after.sent.last?.path == TransportPath(transport: .tcp, host: "192.0.2.7", port: 5_071))
  }

  @Test func `a peer that moved is followed, and the journal is told`() {
    var rig = Rig()
    let call = rig.establish()
    let moved = TransportPath(transport: .udp, host: "192.0.2.77", port: 5_099)
    var again = rig.inDialog(.update, 2)
    again.vias[0].parameters.addFlag("rport")
    rig.receive(again, from: moved)
    let told = rig.notices.compactMap { if case .dialogChanged(_, let dialog) = $0 { dialog } else { nil } }
    #expect(told.last?.sourcePath == moved)
    rig.command(.hangUp(call))
    #expect(rig.sent.last?.path == moved)
  }

  @Test func `the Contact of an answer to our UPDATE is the new target`() {
    var rig = Rig()
    let call = rig.establish(
      Samples.invite.replacing(";rport", with: "")
        + "\nSession-Expires: 90;refresher=uas\nSupported: timer\nAllow: UPDATE")
    rig.pass(.seconds(46))
    #expect(rig.requests.last?.method == .update)
    rig.reply(200, headers: [(.contact, "<sip:caller@192.0.2.9:5062>")])
    #expect(rig.agent.dialog(of: call)?.remoteTarget == "sip:caller@192.0.2.9:5062")
    guard case .dialogChanged? = rig.notices.last else {
      Issue.record("nobody is told")
      return
    }
  }

  @Test func `a loose route whose lr stands outside the brackets is loose`() throws {
    var rig = Rig()
    let call = rig.establish(Samples.invite + "\nRecord-Route: sip:192.0.2.200;lr")
    rig.command(.hangUp(call))
    #expect(rig.requests.last?.uriText == "sip:caller@192.0.2.7:5061" && rig.requests.last?.headers.has(.route) == true)
  }

  // MARK: Keys

  @Test func `every key by INFO is told: whoever hears keys of all ways counts them`() {
    var rig = Rig()
    _ = rig.establish()
    for number in 2..<102 {
      rig.receive(
        rig.inDialog(.info, UInt32(number), body: "Signal=5\r\nDuration=100\r\n", type: "application/dtmf-relay"))
    }
    #expect(rig.notices.count { if case .digit = $0 { true } else { false } } == 100)
    #expect(rig.statuses.suffix(100).allSatisfy { $0 == 200 })
  }

  @Test func `a hook flash by INFO is taken and is no key`() {
    var rig = Rig()
    _ = rig.establish()
    for (number, signal) in ["16", "hf", "!"].enumerated() {
      rig.receive(
        rig.inDialog(
          .info, UInt32(2 + number), body: "Signal=\(signal)\r\nDuration=100\r\n", type: "application/dtmf-relay"))
      #expect(rig.statuses.last == 200, "\(signal)")
    }
    #expect(!rig.notices.contains { if case .digit = $0 { true } else { false } })
  }
}
