import Testing

@testable import Signalling

@Suite struct RegistrationTests {
  let registration: Registration

  init() throws {
    registration = Registration(
      id: "pbx", registrar: try #require(SIPURI("sip:192.0.2.2:5090")),
      addressOfRecord: try #require(SIPURI("sip:agent@192.0.2.2")),
      credentials: DigestCredentials(user: "agent", password: "secret"), expires: 200)
  }

  static func challenge(_ nonce: String, stale: Bool = false) -> [(HeaderName, String)] {
    [
      (
        .wwwAuthenticate,
        "Digest realm=\"pbx\", nonce=\"\(nonce)\", qop=\"auth\", algorithm=MD5" + (stale ? ", stale=true" : "")
      )
    ]
  }

  func states(_ rig: Rig) -> [RegistrationState] {
    rig.notices.compactMap { if case .registration("pbx", let state) = $0 { state } else { nil } }
  }

  @Test func `a challenged registration is answered, kept and ended`() throws {
    var rig = Rig()
    rig.command(.register(registration))
    let first = try #require(rig.requests.last)
    #expect(
      first.uriText == "sip:192.0.2.2:5090" && first.headers[.expires] == "200" && !first.headers.has(.authorization))
    #expect(rig.sent.last?.path == TransportPath(transport: .udp, host: "192.0.2.2", port: 5_090))
    rig.reply(401, headers: Self.challenge("n1"))
    let second = try #require(rig.requests.last)
    let authorization = try #require(second.headers[.authorization])
    let fields = try #require(DigestFields(authorization))
    let ha1 = Rig.hashes.ha1(.md5, user: "agent", realm: "pbx", password: "secret")
    let wanted = Rig.hashes.response(
      .md5, ha1: ha1, method: "REGISTER", uri: second.uriText, nonce: "n1",
      qop: ("00000001", try #require(fields["cnonce"])))
    #expect(fields["response"] == wanted && second.cseq.number == 2 && second.callID == first.callID)
    rig.reply(200, headers: [(.contact, "<sip:other@x>;expires=9, <sip:repartee@198.51.100.1:5060>;expires=150")])
    #expect(states(rig) == [.registered(expires: 150)])
    rig.pass(.seconds(91))
    let refresh = try #require(rig.requests.last)
    #expect(refresh.cseq.number == 3 && refresh.headers[.authorization]?.contains("nc=00000002") == true)
    rig.reply(401, headers: Self.challenge("n2", stale: true))
    #expect(rig.requests.last?.headers[.authorization]?.contains("nonce=\"n2\"") == true)
    rig.reply(200, headers: [(.expires, "60")])
    #expect(states(rig).last == .registered(expires: 60))
    rig.pass(.seconds(31))
    #expect(rig.requests.last?.cseq.number == 5)
    rig.reply(200)
    rig.command(.unregister(id: registration.id))
    #expect(rig.requests.last?.headers[.expires] == "0")
    rig.reply(200)
    #expect(states(rig).last == .unregistered)
    let count = rig.requests.count
    rig.pass(.seconds(1_000))
    #expect(rig.requests.count == count && rig.timers.isEmpty)
  }

  @Test func `a wrong password is told and tried again slowly`() {
    var rig = Rig()
    rig.command(.register(registration))
    for nonce in ["a", "b"] { rig.reply(401, headers: Self.challenge(nonce)) }
    #expect(states(rig) == [.failed(status: 401, retry: .seconds(30))])
    #expect(rig.requests.count == 2)
    rig.pass(.seconds(31))
    #expect(rig.requests.last?.headers.has(.authorization) == false)
    rig.reply(503)
    #expect(states(rig).last == .failed(status: 503, retry: .seconds(60)))
  }

  @Test func `a longer interval is obeyed, silence is told`() {
    var rig = Rig()
    rig.command(.register(registration))
    rig.reply(423, headers: [(.minExpires, "3600")])
    #expect(rig.requests.last?.headers[.expires] == "3600")
    rig.pass(.seconds(33))
    #expect(states(rig) == [.failed(status: nil, retry: .seconds(30))])
  }

  @Test func `an unregistration is waited for where the registrar answers`() {
    var rig = Rig()
    rig.command(.register(registration))
    rig.command(.unregister(id: registration.id))
    #expect(!rig.agent.isUnregistering, "it was never heard")
    rig = Rig()
    rig.command(.register(registration))
    rig.reply(200)
    #expect(!rig.agent.isUnregistering)
    rig.command(.unregister(id: registration.id))
    #expect(rig.agent.isUnregistering)
    rig.reply(401, headers: Self.challenge("later"))
    #expect(rig.agent.isUnregistering && rig.requests.last?.headers.has(.authorization) == true)
    rig.reply(200)
    #expect(!rig.agent.isUnregistering)
    // One that has been silent lately is not waited for.
    rig = Rig()
    rig.command(.register(registration))
    rig.reply(200)
    rig.pass(.seconds(300))
    guard case .failed(status: nil, _)? = states(rig).last else {
      Issue.record("the registrar was heard")
      return
    }
    rig.command(.unregister(id: registration.id))
    #expect(!rig.agent.isUnregistering)
  }

  @Test func `an answer to what was replaced says nothing about the end`() throws {
    var rig = Rig()
    rig.command(.register(registration))
    rig.reply(200)
    rig.pass(.seconds(registration.expires - 60))
    let refresh = try #require(rig.requests.last)
    rig.command(.unregister(id: registration.id))
    rig.take(.received(.response(refresh.response(200, toTag: "peer")), from: Rig.caller))
    #expect(rig.agent.isUnregistering && states(rig).last != .unregistered)
    rig.reply(200)
    #expect(!rig.agent.isUnregistering && states(rig).last == .unregistered)
  }

  @Test func `a ping tells the status or silence`() {
    var rig = Rig()
    rig.command(.ping(id: "p", uri: "sip:192.0.2.2"))
    rig.reply(404)
    rig.command(.ping(id: "q", uri: "sip:192.0.2.2"))
    rig.pass(.seconds(40))
    rig.command(.ping(id: "r", uri: "tel:1"))
    let pongs = rig.notices.compactMap { if case .pong(let id, let status) = $0 { "\(id)\(status ?? 0)" } else { nil } }
    #expect(pongs == ["p404", "q0", "r0"])
  }
}
