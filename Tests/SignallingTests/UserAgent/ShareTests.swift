import Testing

@testable import Signalling

/// No source takes what all others need: calls, and transactions.
@Suite struct ShareTests {
  static let (phone, trunk, other) = ("192.0.2.7", "192.0.2.9", "192.0.2.8")

  /// Twelve calls, six for one source; the trunk stands for many callers.
  static func rig(_ change: (inout UserAgentConfiguration) -> Void = { _ in }) -> Rig {
    Rig {
      $0.shares = CallShares(of: 12)
      $0.shares.peers = Set([IPAddress(trunk)].compactMap { $0 })
      $0.maximumCalls = 24
      change(&$0)
    }
  }

  static func path(_ host: String) -> TransportPath { TransportPath(transport: .udp, host: host, port: 5_061) }

  static func invite(_ number: Int, _ host: String, _ method: String = "INVITE") -> String {
    FloodTests.invite(number)
      .replacing("192.0.2.7:5061;branch", with: "\(host.contains(":") ? "[\(host)]" : host):5061;branch")
      .replacing("INVITE", with: method)
  }

  /// A call of a source as far as it is wanted; the status of its INVITE.
  @discardableResult
  static func call(
    _ rig: inout Rig, _ number: Int, from host: String, answers: Bool = true, confirms: Bool = true
  ) -> Int? {
    let path = path(host)
    rig.receive(invite(number, host), body: Samples.offer, from: path)
    guard rig.statuses.last == 100, answers, let call = rig.call else { return rig.statuses.last }
    rig.command(.answer(call, Rig.description))
    guard confirms else { return rig.statuses.last }
    send(&rig, .ack, number, from: host)
    return rig.statuses.last
  }

  /// A request in the dialog of the last answer.
  static func send(_ rig: inout Rig, _ method: SIPMethod, _ number: Int, from host: String, sequence: Int = 1) {
    let text = invite(number, host, method.rawValue)
      .replacing("CSeq: 1", with: "CSeq: \(sequence)").replacing("Ki\(number)", with: "K\(method)\(sequence)-\(number)")
      .replacing("To: <sip:line@192.0.2.1>", with: "To: <sip:line@192.0.2.1>;tag=\(rig.responses.last?.to.tag ?? "")")
    rig.receive(text, from: path(host))
  }

  @Test(arguments: [true, false])
  func `INVITEs that are never acknowledged leave room for others, and for more of their own source later`(
    answers: Bool
  ) throws {
    var rig = Self.rig()
    for number in 0..<50 { Self.call(&rig, number, from: Self.phone, answers: answers, confirms: false) }
    #expect(rig.agent.callCount == 3, "half of what one source may have")
    let refusal = try #require(rig.responses.last)
    #expect(refusal.status == 503 && refusal.headers[.retryAfter] == "10" && refusal.to.tag != nil)
    #expect(rig.agent.transactionCount == 3, "nothing is kept of what is refused")
    #expect(Self.call(&rig, 100, from: Self.other) == 200)
    rig.pass(.seconds(60))
    #expect(Self.call(&rig, 101, from: Self.phone) == 200)
  }

  @Test func `calls of one source leave room for others`() throws {
    var rig = Self.rig()
    for number in 0..<12 { Self.call(&rig, number, from: Self.phone) }
    #expect(rig.agent.callCount == 6)
    let refusal = try #require(rig.responses.last)
    #expect(refusal.status == 486 && refusal.headers[.retryAfter] == "10" && refusal.to.tag != nil)
    #expect(rig.notices.count { if case .refused(.share, Self.path(Self.phone)) = $0 { true } else { false } } == 6)
    #expect(Self.call(&rig, 100, from: Self.other) == 200)
    let call = try #require(rig.call)
    rig.command(.hangUp(call))
    #expect(Self.call(&rig, 101, from: Self.phone) == 486, "another's end makes no room")
  }

  @Test func `a machine that takes one IPv6 address after another is one source`() throws {
    var rig = Self.rig { $0.access.trusted += [AddressRange("2001:db8::/32")].compactMap { $0 } }
    let statuses = (0..<12).map { Self.call(&rig, $0, from: "2001:db8:0:7:\($0)::1") }
    #expect(statuses.count { $0 == 200 } == 6 && statuses.last == 486)
    #expect(Self.call(&rig, 100, from: "2001:db8:0:8::1") == 200, "another network")
    var limiter = RateLimiter(rate: RequestRate(perSecond: 1, burst: 4))
    var book = StreamBook(limits: StreamLimits())
    let addresses = try (0..<64).map { try #require(IPAddress("2001:db8:0:7:\($0)::1")) }
    #expect(addresses.count { limiter.admit($0, at: .zero) } == 4 && limiter.count == 1)
    let accepted = addresses.count { book.accept($0, isKnown: false, at: .zero, inUse: { [] }) != nil }
    #expect(accepted == StreamLimits().ofStranger)
  }

  @Test func `a call that ends makes room for one more of its source`() {
    var rig = Self.rig()
    for number in 0..<6 { Self.call(&rig, number, from: Self.phone) }
    Self.send(&rig, .bye, 5, from: Self.phone, sequence: 2)
    #expect(rig.ends == [.remoteHangUp] && Self.call(&rig, 6, from: Self.phone) == 200)
    #expect(Self.call(&rig, 7, from: Self.phone) == 486)
  }

  @Test func `a call that is cancelled holds nothing`() {
    var rig = Self.rig()
    for number in 0..<20 {
      Self.call(&rig, number, from: Self.phone, answers: false)
      rig.receive(Self.invite(number, Self.phone, "CANCEL"), from: Self.path(Self.phone))
    }
    #expect(rig.ends.count == 20 && rig.agent.callCount == 0)
  }

  @Test func `calls whose end is never answered leave room for others`() {
    var rig = Self.rig()
    for number in 0..<40 {
      Self.call(&rig, number, from: Self.phone)
      if let call = rig.call { rig.command(.hangUp(call)) }
    }
    #expect(rig.agent.callCount == 12)
    #expect(Self.call(&rig, 100, from: Self.other) == 200)
  }

  @Test func `a trunk may have all calls, but not by INVITEs that it does not acknowledge`() {
    var rig = Self.rig()
    for number in 0..<20 { Self.call(&rig, number, from: Self.trunk) }
    #expect(rig.agent.callCount == 20)
    var deaf = Self.rig()
    for number in 0..<20 { Self.call(&deaf, number, from: Self.trunk, confirms: false) }
    #expect(deaf.agent.callCount == 6 && deaf.statuses.last == 503)
    #expect(Self.call(&deaf, 100, from: Self.other) == 200)
  }

  @Test func `a share is of at least one call, and of half of them`() {
    #expect([1, 2, 3, 50].map { CallShares(of: $0).each } == [1, 1, 2, 25])
    var rig = Rig { $0.shares = CallShares(of: 1) }
    #expect(Self.call(&rig, 0, from: Self.phone) == 200)
  }

  @Test func `a re-INVITE of a source that has its share is taken`() {
    var rig = Self.rig()
    for number in 0..<6 { Self.call(&rig, number, from: Self.phone) }
    Self.send(&rig, .invite, 5, from: Self.phone, sequence: 2)
    #expect(rig.statuses.last == 100)
  }

  @Test(arguments: [SIPMethod.invite, .options])
  func `transactions of one source leave room for those of others`(method: SIPMethod) {
    var rig = Rig {
      $0.maximumTransactions = 40
      $0.access.trustedRate = RequestRate(perSecond: 1_000, burst: 1_000)
    }
    // Answered, and never acknowledged.
    for number in 0..<100 {
      let text = Self.invite(number, Self.phone, method.rawValue)
      rig.receive(text.replacing("Max-", with: "Require: tricks\nMax-"), from: Self.path(Self.phone))
    }
    #expect(rig.agent.transactionCount == (method == .invite ? 15 : 10))
    rig.receive(Self.invite(200, Self.other, method.rawValue), body: Samples.offer, from: Self.path(Self.other))
    #expect(rig.statuses.last == (method == .invite ? 100 : 200))
    rig.pass(.seconds(40))
    rig.receive(Self.invite(300, Self.phone, method.rawValue), from: Self.path(Self.phone))
    #expect(rig.statuses.last == (method == .invite ? 100 : 200), "until they are over")
  }

  @Test func `a refusal for want of room has a tag, like any other`() throws {
    var rig = Rig { $0.maximumTransactions = 2 }
    for number in 0..<3 { rig.receive(FloodTests.options(number)) }
    let refusal = try #require(rig.responses.last)
    #expect(refusal.status == 503 && refusal.to.tag?.isEmpty == false && refusal.headers[.retryAfter] == "10")
    #expect(rig.sent.last?.path == Rig.caller && refusal.vias.first?.parameters["rport"] == "5061")
    rig.receive(FloodTests.options(2))
    #expect(rig.responses.last?.to.tag == refusal.to.tag, "a repetition gets the same answer")
  }
}
