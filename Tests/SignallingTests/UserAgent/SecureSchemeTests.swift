import Testing

@testable import Signalling

/// Nothing that asks for TLS goes in clear: it is refused, on every way that leads from a URI to a next hop.
@Suite struct SecureSchemeTests {
  @Test(arguments: [
    ("INVITE sip:line@192.0.2.1", "INVITE sips:line@192.0.2.1", 416),
    ("Contact: <sip:caller@192.0.2.7:5061>", "Contact: <sips:caller@192.0.2.7:5061>", 480),
    ("Contact: <sip:caller@192.0.2.7:5061>", "Contact: <sip:caller@192.0.2.7:5061;transport=TLS>", 480),
    ("Max-Forwards: 70", "Max-Forwards: 70\nRecord-Route: <sips:192.0.2.200;lr>", 480),
    ("Max-Forwards: 70", "Max-Forwards: 70\nRecord-Route: <sip:192.0.2.200;lr;transport=tls>", 480),
  ]) func `a call that would need TLS is refused`(_ old: String, _ new: String, _ status: Int) {
    var rig = Rig()
    // Without rport and beside TCP it is the Contact that decides.
    rig.receive(Samples.invite.replacing(";rport", with: "").replacing(old, with: new), body: Samples.offer)
    #expect(rig.statuses == [status] && rig.call == nil, "\(new)")
    let warns = rig.responses.last?.headers["Warning"]?.hasPrefix("380 ") ?? false
    #expect(warns == (status == 480))
  }

  @Test func `a caller behind a proxy may speak TLS with it`() {
    var rig = Rig()
    rig.receive(
      Samples.invite.replacing("Max-Forwards: 70", with: "Max-Forwards: 70\nRecord-Route: <sip:192.0.2.200;lr>")
        .replacing("caller@192.0.2.7:5061>\nMax", with: "caller@192.0.2.7:5061;transport=tls>\nMax"),
      body: Samples.offer)
    #expect(rig.statuses == [100])
  }

  @Test func `a target that moves to TLS is refused, and the call stays`() {
    var rig = Rig()
    let call = rig.establish()
    for (number, method) in [SIPMethod.update, .invite].enumerated() {
      var request = rig.inDialog(method, UInt32(2 + number), body: method == .invite ? Samples.offer : "")
      request.headers[.contact] = "<sips:caller@192.0.2.7>"
      rig.receive(request)
      #expect(rig.statuses.last == 480, "\(method)")
    }
    rig.command(.hangUp(call))
    #expect(rig.sent.last?.path == Rig.caller && rig.requests.last?.uriText == "sip:caller@192.0.2.7:5061")
  }

  @Test(arguments: ["sips:person@192.0.2.50", "sip:person@192.0.2.50;transport=tls"])
  func `a transfer to a secure address is refused before it is asked for`(_ uri: String) {
    var rig = Rig()
    let call = rig.establish()
    rig.command(.refer(call, to: uri, timeout: .seconds(30)))
    #expect(rig.requests.isEmpty && rig.outcomes == [.unreachable])
  }

  @Test(arguments: [
    "sips:pbx.example", "sip:pbx.example;transport=tls", "sip:pbx.example;transport=ws",
    "sip:pbx.example;transport=sctp",
  ])
  func `a registration or ping over a transport that we lack is not sent`(_ uri: String) throws {
    var rig = Rig()
    let registrar = try #require(SIPURI(uri))
    rig.command(
      .register(
        Registration(
          id: "r", registrar: registrar, addressOfRecord: registrar,
          credentials: DigestCredentials(user: "u", password: "p"))))
    rig.command(.ping(id: "p", uri: uri))
    #expect(rig.sent.isEmpty)
    guard case .registration(_, .failed(status: nil, retry: nil))? = rig.notices.first,
      case .pong(_, nil)? = rig.notices.last
    else {
      Issue.record("nobody is told: \(rig.notices)")
      return
    }
  }

  @Test func `a kept dialog that needs TLS gets no BYE in clear`() throws {
    var before = Rig()
    let call = before.establish(Samples.invite.replacing(";rport", with: ""))
    var dialog = try #require(before.agent.dialog(of: call))
    dialog.remoteTarget = "sips:caller@192.0.2.7"
    var after = Rig()
    after.command(.recoverBye(dialog))
    #expect(after.sent.isEmpty)
  }
}
