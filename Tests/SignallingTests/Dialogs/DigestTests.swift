import Testing

@testable import Signalling

@Suite struct DigestTests {
  @Test func `the examples of RFC 7616 section 3_9 come out`() {
    let hashes = Rig.hashes
    let nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
    let client = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    for (algorithm, expected) in [
      (DigestAlgorithm.md5, "8ca523f5e9506fed4657c9700eebdbec"),
      (.sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ] {
      let ha1 = hashes.ha1(algorithm, user: "Mufasa", realm: "http-auth@example.org", password: "Circle of Life")
      let response = hashes.response(
        algorithm, ha1: ha1, method: "GET", uri: "/dir/index.html", nonce: nonce, qop: ("00000001", client))
      #expect(response == expected)
    }
  }

  @Test func `the strongest usable challenge is taken`() throws {
    var response = try Samples.request(Samples.invite).response(401)
    response.headers.add(.wwwAuthenticate, "Basic realm=\"x\"")
    response.headers.add(.wwwAuthenticate, "Digest realm=\"a\", nonce=\"1\", algorithm=SHA-512-256, qop=\"auth\"")
    #expect(DigestChallenge.strongest(in: response) == nil)
    response.headers.add(.wwwAuthenticate, "Digest realm=\"a, \\\"b\\\"\", nonce=\"1\", stale=TRUE")
    #expect(DigestChallenge.strongest(in: response)?.realm == "a, \"b\"")
    #expect(DigestChallenge.strongest(in: response)?.isStale == true)
    response.headers.add(.wwwAuthenticate, "digest realm=\"c\",nonce=\"2\",algorithm=SHA-256,qop=\"auth-int,auth\"")
    #expect(DigestChallenge.strongest(in: response)?.algorithm == .sha256)
    response.headers = HeaderFields()
    response.headers.add(.wwwAuthenticate, "Digest realm=\"c\",nonce=\"2\",qop=\"auth-int\"")
    #expect(DigestChallenge.strongest(in: response) == nil)
  }

  func authorized(_ nonce: String, count: UInt32, password: String = "secret", user: String = "phone") throws
    -> SIPRequest
  {
    var request = try Samples.request(Samples.invite)
    let challenge = DigestChallenge(
      realm: "room", nonce: nonce, opaque: nil, algorithm: .sha256, usesQop: true, isStale: false, isProxy: false)
    challenge.authorize(
      &request, as: DigestCredentials(user: user, password: password), count: count, clientNonce: "c",
      hashes: Rig.hashes)
    return request
  }

  static func server(capacity: Int = 100) -> DigestServer {
    let ha1 = Rig.hashes.ha1(.sha256, user: "phone", realm: "room", password: "secret")
    return DigestServer(realm: "room", secrets: ["phone": [.sha256: ha1]], lifetime: .seconds(300), capacity: capacity)
  }

  @Test func `only a fresh answer with the right password opens`() throws {
    var server = Self.server()
    func verdict(_ request: SIPRequest, _ now: Duration = .zero) -> DigestServer.Verdict {
      server.verify(request, at: now, hashes: Rig.hashes)
    }
    #expect(verdict(try Samples.request(Samples.invite)) == .challenge(stale: false))
    #expect(verdict(try authorized("n", count: 1)) == .challenge(stale: true), "never issued")
    let lines = server.challenge(nonce: "n", stale: false, at: .zero)
    #expect(lines == ["Digest realm=\"room\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\""])
    #expect(verdict(try authorized("n", count: 1, password: "wrong")) == .challenge(stale: false))
    #expect(verdict(try authorized("n", count: 1, user: "other")) == .challenge(stale: false))
    #expect(verdict(try authorized("n", count: 1)) == .accepted(user: "phone"))
    #expect(verdict(try authorized("n", count: 1)) == .challenge(stale: true), "replay")
    #expect(verdict(try authorized("n", count: 2)) == .accepted(user: "phone"))
    #expect(verdict(try authorized("n", count: 3), .seconds(301)) == .challenge(stale: true), "too old")
    var elsewhere = try authorized("n", count: 4)
    elsewhere.uriText = "sip:premium@192.0.2.1"
    #expect(verdict(elsewhere) == .challenge(stale: false), "another target")
  }

  @Test func `nonces are bounded and the oldest go first`() throws {
    var server = Self.server(capacity: 3)
    for number in 1...20 { _ = server.challenge(nonce: "n\(number)", stale: false, at: .zero) }
    for (number, expected) in [(17, false), (18, true), (19, true), (20, true)] {
      let verdict = server.verify(try authorized("n\(number)", count: 1), at: .zero, hashes: Rig.hashes)
      #expect((verdict == .accepted(user: "phone")) == expected)
    }
  }

  @Test func `credentials do not show themselves`() {
    var text = ""
    dump(DigestCredentials(user: "phone", password: "secret"), to: &text)
    #expect(!text.contains("secret") && !"\(DigestCredentials(user: "u", password: "secret"))".contains("secret"))
  }
}
