import Testing

@testable import Signalling

@Suite struct AdmissionTests {
  let stranger = TransportPath(transport: .udp, host: "203.0.113.66", port: 5_060)

  func refusals(_ rig: Rig) -> [RefusalReason] {
    rig.notices.compactMap { if case .refused(let reason, _) = $0 { reason } else { nil } }
  }

  @Test func `strangers get nothing, or 403, as the policy says`() {
    var silent = Rig()
    silent.receive(Samples.invite, body: Samples.offer, from: stranger)
    silent.receive(Samples.invite.replacing(" SIP/2.0\nVia", with: " SIP/7.0\nVia"), from: stranger)
    #expect(silent.sent.isEmpty && refusals(silent) == [.stranger, .malformed] && silent.agent.transactionCount == 0)
    var loud = Rig { $0.access.strangers = .forbid }
    loud.receive(Samples.invite, body: Samples.offer, from: stranger)
    loud.receive(Samples.invite.replacing("INVITE", with: "ACK"), from: stranger)
    #expect(loud.statuses == [403] && loud.call == nil && loud.agent.transactionCount == 0)
    #expect(loud.sent.first?.path.host == stranger.host)
  }

  @Test func `a stranger calls after digest authentication`() throws {
    var rig = Rig { $0.access.strangers = .authenticate(DigestTests.server()) }
    rig.receive(Samples.invite, body: Samples.offer, from: stranger)
    #expect(rig.statuses == [401] && rig.call == nil)
    let challenge = try #require(rig.responses.last.flatMap { DigestChallenge.strongest(in: $0) })
    var again = try Samples.request(Samples.invite, body: Samples.offer)
    again.vias[0].parameters["branch"] = "z9hG4bKagain"
    again.cseq.number = 2
    challenge.authorize(
      &again, as: DigestCredentials(user: "phone", password: "secret"), count: 1, clientNonce: "x", hashes: Rig.hashes)
    rig.receive(again, from: stranger)
    #expect(rig.statuses == [401, 100])
    guard case .incoming(_, let incoming)? = rig.notices.last else { return }
    #expect(incoming.user == "phone")
    var wrong = again
    wrong.vias[0].parameters["branch"] = "z9hG4bKwrong"
    wrong.callID = "other"
    rig.receive(wrong, from: stranger)
    #expect(rig.statuses.last == 401, "a replayed answer opens nothing")
  }

  @Test func `each source has its own rate, repetitions and dialogs are free`() {
    var rig = Rig { $0.access.trustedRate = RequestRate(perSecond: 1, burst: 3) }
    let options = Samples.invite.replacing("INVITE", with: "OPTIONS")
    for number in 0..<10 {
      rig.receive(options.replacing("kfirst", with: "k\(number)").replacing("Kfirst", with: "K\(number)"))
    }
    #expect(rig.statuses.count == 3 && refusals(rig).count == 7)
    rig.receive(options.replacing("Kfirst", with: "K0"))
    #expect(rig.statuses.count == 4, "a repetition is answered again")
    rig.receive(
      options.replacing("Kfirst", with: "Kother"), from: TransportPath(transport: .udp, host: "192.0.2.8", port: 5_060))
    #expect(rig.statuses.count == 5)
    rig.pass(.seconds(2))
    for number in 20..<30 { rig.receive(options.replacing("Kfirst", with: "K\(number)")) }
    #expect(rig.statuses.count == 7)
  }

  @Test func `the table of sources is bounded`() {
    var limiter = RateLimiter(rate: RequestRate(perSecond: 1, burst: 1), capacity: 10)
    let admitted = (0..<50).count { limiter.admit(IPAddress(v4: UInt32($0)), at: .zero) }
    #expect(admitted == 10)
    let later = limiter.admit(IPAddress(v4: 99), at: .seconds(2))
    #expect(later)
  }

  @Test func `a full or draining server says 503 and when to come again`() {
    var rig = Rig { $0.maximumCalls = 1 }
    rig.receive(Samples.invite, body: Samples.offer)
    rig.receive(Samples.invite.replacing("call-1", with: "call-2").replacing("Kfirst", with: "K2"), body: Samples.offer)
    #expect(rig.statuses == [100, 503] && rig.responses.last?.headers[.retryAfter] == "10")
    var drained = Rig()
    let call = drained.establish()
    drained.command(.drain(true))
    drained.receive(Samples.invite.replacing("INVITE", with: "OPTIONS").replacing("Kfirst", with: "K3"))
    #expect(drained.statuses.last == 503)
    drained.receive(
      Samples.invite.replacing("call-1", with: "call-2").replacing("Kfirst", with: "K4"), body: Samples.offer)
    #expect(drained.statuses.last == 503 && refusals(drained) == [.draining])
    drained.command(.hangUp(call))
    #expect(drained.requests.last?.method == .bye, "calls go on while draining")
    drained.command(.drain(false))
    drained.receive(Samples.invite.replacing("INVITE", with: "OPTIONS").replacing("Kfirst", with: "K5"))
    #expect(drained.statuses.last == 200)
  }
}
