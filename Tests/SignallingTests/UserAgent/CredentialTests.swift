import Testing

@testable import Signalling

/// Whose password answers when a peer challenges a request in a dialog.
@Suite struct CredentialTests {
  static let challenge = "Digest realm=\"pbx.example\", nonce=\"n\", qop=\"auth\", algorithm=MD5"

  static func registration(_ host: String, _ user: String) throws -> Registration {
    Registration(
      id: host, registrar: try #require(SIPURI("sip:\(host)")),
      addressOfRecord: try #require(SIPURI("sip:agent@\(host)")),
      credentials: DigestCredentials(user: user, password: "p"))
  }

  static func registered(_ change: (inout UserAgentConfiguration) -> Void = { _ in }) throws -> Rig {
    var rig = Rig(change)
    rig.command(.register(try registration("other.example", "other")))
    rig.command(.register(try registration("pbx.example", "trunk")))
    return rig
  }

  /// The user that our last request names.
  static func user(_ rig: Rig) -> String? {
    let value = rig.requests.last?.headers[.proxyAuthorization] ?? rig.requests.last?.headers[.authorization]
    return value?.split(separator: "\"").dropFirst().first.map(String.init)
  }

  @Test func `REFER, BYE and UPDATE are answered for by the registration that the challenge names`() throws {
    var rig = try Self.registered()
    let call = rig.establish(
      Samples.invite + "\nSession-Expires: 90;refresher=uas\nSupported: timer\nAllow: UPDATE")
    rig.command(.refer(call, to: "sip:person@192.0.2.50", timeout: .seconds(300)))
    rig.reply(407, headers: [(.proxyAuthenticate, Self.challenge)])
    #expect(rig.requests.last?.method == .refer && Self.user(rig) == "trunk")
    rig.reply(202)
    rig.pass(.seconds(46))
    let refresh = try #require(
      rig.sent.last { if case .request(let one) = $0.message { one.method == .update } else { false } })
    guard case .request(let update) = refresh.message else { return }
    var refused = update.response(401, toTag: "peer")
    refused.headers.add(.wwwAuthenticate, Self.challenge)
    rig.take(.received(.response(refused), from: Rig.caller))
    #expect(rig.requests.last?.method == .update && Self.user(rig) == "trunk")
    rig.command(.hangUp(call))
    rig.reply(401, headers: [(.wwwAuthenticate, Self.challenge)])
    #expect(rig.requests.last?.method == .bye && Self.user(rig) == "trunk")
    #expect(rig.requests.last?.cseq.number == rig.agent.dialog(of: call)?.localSequence)
  }

  @Test func `a realm that nobody knows is answered by the only registration, and by none of several`() throws {
    for count in 1...2 {
      var rig = Rig()
      for number in 1...count { rig.command(.register(try Self.registration("pbx\(number).example", "u\(number)"))) }
      let call = rig.establish()
      rig.command(.hangUp(call))
      let sent = rig.requests.count
      rig.reply(401, headers: [(.wwwAuthenticate, Self.challenge.replacing("pbx.example", with: "asterisk"))])
      #expect(rig.requests.count - sent == (count == 1 ? 1 : 0))
    }
  }

  @Test func `a caller who is no trunk is given no password of ours`() throws {
    var rig = try Self.registered { $0.access.strangers = .authenticate(DigestTests.server()) }
    let stranger = TransportPath(transport: .udp, host: "203.0.113.66", port: 5_060)
    rig.receive(Samples.invite, body: Samples.offer, from: stranger)
    let challenge = try #require(rig.responses.last.flatMap { DigestChallenge.strongest(in: $0) })
    var again = try Samples.request(Samples.invite, body: Samples.offer)
    again.vias[0].parameters["branch"] = "z9hG4bKagain"
    again.cseq.number = 2
    challenge.authorize(
      &again, as: DigestCredentials(user: "phone", password: "secret"), count: 1, clientNonce: "x", hashes: Rig.hashes)
    rig.receive(again, from: stranger)
    let call = try #require(rig.call)
    rig.command(.answer(call, Rig.description))
    rig.receive(rig.inDialog(.ack, 2), from: stranger)
    rig.command(.hangUp(call))
    let sent = rig.requests.count
    rig.reply(401, headers: [(.wwwAuthenticate, Self.challenge)])
    #expect(rig.requests.count == sent && rig.agent.callCount == 0)
  }

  @Test func `hanging up all ends every call, whatever it waits for`() throws {
    var rig = Rig()
    _ = rig.establish()
    let second = Samples.invite.replacing("call-1", with: "call-2").replacing("Kfirst", with: "Ksecond")
    rig.receive(second, body: Samples.offer)
    rig.command(.answer(try #require(rig.call), Rig.description))
    rig.receive(second.replacing("call-2", with: "call-3").replacing("Ksecond", with: "Kthird"), body: Samples.offer)
    rig.command(.hangUpAll)
    #expect(rig.requests.map(\.method) == [.bye, .bye] && rig.statuses.last == 503)
    #expect(rig.ends.count == 3 && rig.ends.contains(.rejected(503)))
    rig.receive(second.replacing("call-2", with: "call-4").replacing("Ksecond", with: "Kfourth"), body: Samples.offer)
    #expect(rig.statuses.last == 503, "nobody new comes in")
  }
}
