import Core
import Testing

@testable import Signalling

/// Challenges to calls that we place, and the least interval of their session.
@Suite struct DialDigestTests {
  static let credentials = DialCredentials(realm: "trunk.example", DigestCredentials(user: "line", password: "secret"))

  static func challenge(_ realm: String = "trunk.example", nonce: String = "n1", stale: Bool = false) -> String {
    "Digest realm=\"\(realm)\", nonce=\"\(nonce)\", qop=\"auth\", algorithm=MD5" + (stale ? ", stale=true" : "")
  }

  @Test(arguments: [401, 407]) func `a challenge is answered once, in an INVITE of its own`(_ status: Int) throws {
    let (asks, answers): (HeaderName, HeaderName) =
      status == 401 ? (.wwwAuthenticate, .authorization) : (.proxyAuthenticate, .proxyAuthorization)
    var rig = Rig()
    let call = rig.dial { $0.credentials = Self.credentials }
    rig.callee(status, [(asks, Self.challenge())])
    #expect(rig.requests.map(\.method) == [.invite, .ack, .invite])
    let (first, second) = (rig.invites[0], rig.invites[1])
    #expect(second.cseq == CSeq(2, .invite) && second.callID == first.callID && second.from == first.from)
    #expect(second.to.tag == nil && second.vias[0].branch != first.vias[0].branch && second.body == first.body)
    let value = try #require(second.headers[answers])
    #expect(value.contains("username=\"line\"") && value.contains("nonce=\"n1\"") && value.contains("nc=00000001"))
    #expect(value.contains("uri=\"sip:alice@192.0.2.7\"") && !value.contains("secret"))
    rig.callee(status, [(asks, Self.challenge())], to: first)
    #expect(rig.requests.map(\.method) == [.invite, .ack, .invite, .ack], "a repetition")
    rig.callee(200, body: Samples.offer)
    let ack = try #require(rig.acknowledgements.last)
    #expect(ack.headers[answers] == value && ack.cseq == CSeq(2, .ack))
    rig.command(.hangUp(call))
    #expect(rig.requests.last?.cseq.number == 3)
    rig.reply(401, headers: [(.wwwAuthenticate, Self.challenge(nonce: "n2"))])
    #expect(rig.requests.last?.method == .bye && rig.requests.last?.cseq.number == 4)
    #expect(rig.requests.last?.headers[.authorization]?.contains("nonce=\"n2\"") == true)
  }

  @Test func `a second challenge means a wrong password, unless the nonce was old, and that once`() throws {
    var wrong = Rig()
    _ = wrong.dial { $0.credentials = Self.credentials }
    wrong.callee(401, [(.wwwAuthenticate, Self.challenge())])
    wrong.callee(401, [(.wwwAuthenticate, Self.challenge(nonce: "n2"))])
    #expect(wrong.invites.count == 2 && wrong.failures == [.refused])
    var stale = Rig()
    _ = stale.dial { $0.credentials = Self.credentials }
    for nonce in ["n1", "n2", "n3"] {
      stale.callee(401, [(.wwwAuthenticate, Self.challenge(nonce: nonce, stale: nonce != "n1"))])
    }
    #expect(stale.invites.count == 3 && stale.failures == [.refused])
    #expect(stale.invites.last?.headers[.authorization]?.contains("nonce=\"n2\"") == true)
    #expect(stale.invites.last?.headers.lines(.authorization).count == 1)
  }

  @Test func `no other realm is answered, and nobody without a password of its own`() throws {
    var other = Rig { $0.credentials = DigestCredentials(user: "agent", password: "agent") }
    _ = other.dial { $0.credentials = Self.credentials }
    other.callee(401, [(.wwwAuthenticate, Self.challenge("elsewhere.example"))])
    var none = Rig { $0.credentials = DigestCredentials(user: "agent", password: "agent") }
    _ = none.dial()
    none.callee(407, [(.proxyAuthenticate, Self.challenge())])
    var odd = Rig()
    _ = odd.dial { $0.credentials = Self.credentials }
    odd.callee(401, [(.wwwAuthenticate, "Basic realm=\"trunk.example\"")])
    for rig in [other, none, odd] { #expect(rig.invites.count == 1 && rig.failures == [.refused]) }
    var any = Rig()
    _ = any.dial { $0.credentials = DialCredentials(DigestCredentials(user: "line", password: "secret")) }
    any.callee(401, [(.wwwAuthenticate, Self.challenge("elsewhere.example"))])
    #expect(any.invites.count == 2 && any.failures.isEmpty)
    // The agent's own password is not for those that it calls, in their dialogs either.
    var talked = Rig { $0.credentials = DigestCredentials(user: "agent", password: "agent") }
    talked.command(.hangUp(talked.connect()))
    talked.reply(401, headers: [(.wwwAuthenticate, Self.challenge())])
    #expect(talked.requests.count { $0.method == .bye } == 1 && talked.agent.callCount == 0)
  }

  @Test func `ringing goes on being measured across challenges`() throws {
    var rig = Rig()
    _ = rig.dial {
      $0.credentials = Self.credentials
      $0.ringLimit = .seconds(30)
    }
    rig.callee(100, tag: nil)
    rig.pass(.seconds(20))
    rig.callee(401, [(.wwwAuthenticate, Self.challenge())])
    rig.callee(180)
    rig.pass(.seconds(10))
    #expect(rig.failures == [.noAnswer] && rig.requests.last?.method == .cancel)
    #expect(rig.requests.last?.cseq.number == 2 && rig.requests.last?.vias == rig.invites.last?.vias)
  }

  @Test func `the least interval of the session is taken once`() throws {
    var rig = Rig { $0.sessionInterval = 100 }
    _ = rig.dial { $0.credentials = Self.credentials }
    rig.callee(401, [(.wwwAuthenticate, Self.challenge())])
    rig.callee(422, [("Min-SE", "600")])
    let raised = try #require(rig.invites.last)
    #expect(rig.invites.count == 3 && raised.cseq.number == 3)
    #expect(raised.headers.lines(.sessionExpires) == ["600;refresher=uas"] && raised.headers["Min-SE"] == "600")
    #expect(raised.headers[.authorization]?.contains("nc=00000002") == true, "the nonce is used for the second time")
    rig.callee(422, [("Min-SE", "900")])
    #expect(rig.invites.count == 3 && rig.failures == [.refused])
    var odd = Rig()
    _ = odd.dial()
    odd.callee(422, [("Min-SE", "often")])
    #expect(odd.invites.count == 1 && odd.failures == [.refused])
  }
}
