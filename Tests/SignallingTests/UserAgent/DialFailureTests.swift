import Core
import Testing

@testable import Signalling

/// Calls that we place and that nobody answers.
@Suite struct DialFailureTests {
  @Test(arguments: [
    (302, DialOutcome.moved), (401, .refused), (403, .refused), (404, .unavailable), (408, .noAnswer),
    (410, .unavailable), (420, .refused), (422, .refused), (480, .unavailable), (486, .busy), (487, .noAnswer),
    (488, .notAcceptable), (500, .unreachable), (503, .unreachable), (600, .busy), (603, .declined),
    (604, .unavailable), (606, .notAcceptable),
  ]) func `the final status is the outcome`(_ status: Int, _ outcome: DialOutcome) throws {
    var rig = Rig()
    let call = rig.dial()
    rig.callee(100, tag: nil)
    rig.callee(status, [(.contact, "<sip:bob@192.0.2.99>")])
    let ack = try #require(rig.acknowledgements.first)
    let invite = try #require(rig.invites.first)
    #expect(ack.vias == invite.vias && ack.uriText == invite.uriText && ack.to.tag == "callee")
    rig.callee(status, [(.contact, "<sip:bob@192.0.2.99>")])
    #expect(rig.acknowledgements == [ack, ack] && rig.invites.count == 1 && rig.failures == [outcome])
    #expect(rig.finalStatuses == [status], "told once, before the outcome")
    rig.command(.hangUp(call))
    rig.pass(.seconds(100))
    #expect(rig.requests.count == 3 && rig.failures.count == 1 && rig.ends.isEmpty)
    #expect(rig.agent.callCount == 0 && rig.agent.transactionCount == 0 && rig.timers.isEmpty)
  }

  @Test func `nobody there is no answer, what cannot be sent is unreachable`() throws {
    var rig = Rig()
    _ = rig.dial()
    rig.pass(.milliseconds(31_500))
    #expect(rig.invites.count == 7 && rig.failures.isEmpty)
    rig.pass(.seconds(2))
    #expect(rig.invites.count == 7 && rig.failures == [.noAnswer] && rig.timers.isEmpty)
    #expect(rig.finalStatuses.isEmpty, "nobody said anything")
    var broken = Rig()
    _ = broken.dial()
    broken.take(.transportFailed(try #require(broken.sent.last?.key)))
    #expect(broken.failures == [.unreachable] && broken.agent.transactionCount == 0 && broken.timers.isEmpty)
    for target in ["sips:alice@192.0.2.7", "sip:alice@192.0.2.7;transport=tls"] {
      var secure = Rig()
      _ = secure.dial { $0.target = SIPURI(target) ?? $0.target }
      #expect(secure.failures == [.unreachable] && secure.sent.isEmpty && secure.timers.isEmpty)
    }
    var none = Rig { $0.endpoints[.tcp] = nil }
    _ = none.dial { $0.path.transport = .tcp }
    #expect(none.failures == [.unreachable] && none.sent.isEmpty)
  }

  @Test func `giving up while it rings is a CANCEL, and the end of the INVITE is awaited`() throws {
    var rig = Rig()
    let call = rig.dial()
    rig.callee(180)
    rig.command(.hangUp(call))
    let cancel = try #require(rig.requests.last)
    let invite = try #require(rig.invites.first)
    #expect(cancel.method == .cancel && cancel.vias == invite.vias && cancel.uriText == invite.uriText)
    #expect(cancel.cseq == CSeq(1, .cancel) && cancel.to == invite.to && cancel.from == invite.from)
    #expect(cancel.body.isEmpty && rig.sent.last?.path == Rig.callee)
    #expect(rig.failures == [.cancelled] && rig.agent.callCount == 1, "told at once, and not over")
    rig.command(.hangUp(call))
    rig.reply(200)
    rig.callee(180)
    rig.callee(487)
    #expect(rig.requests.map(\.method) == [.invite, .cancel, .ack] && rig.agent.callCount == 0)
    rig.pass(.seconds(40))
    #expect(rig.failures.count == 1 && rig.agent.transactionCount == 0 && rig.timers.isEmpty)
  }

  @Test func `giving up before anything was heard waits with the CANCEL`() throws {
    var rig = Rig()
    let call = rig.dial()
    rig.command(.hangUp(call))
    #expect(rig.requests.map(\.method) == [.invite] && rig.failures == [.cancelled])
    rig.callee(100, tag: nil)
    rig.callee(180)
    #expect(rig.requests.map(\.method) == [.invite, .cancel])
    #expect(!rig.notices.contains { if case .ringing = $0 { true } else { false } })
    rig.callee(487)
    #expect(rig.requests.last?.method == .ack && rig.failures.count == 1 && rig.agent.callCount == 0)
    var silent = Rig()
    silent.command(.hangUp(silent.dial()))
    silent.pass(.seconds(33))
    #expect(silent.failures == [.cancelled] && silent.agent.transactionCount == 0 && silent.timers.isEmpty)
    var challenged = Rig()
    challenged.command(.hangUp(challenged.dial { $0.credentials = DialDigestTests.credentials }))
    challenged.callee(401, [(.wwwAuthenticate, DialDigestTests.challenge())])
    #expect(challenged.invites.count == 1 && challenged.agent.callCount == 0, "no new attempt")
  }

  @Test func `ringing too long is a CANCEL and no answer`() throws {
    var rig = Rig()
    _ = rig.dial { $0.ringLimit = .seconds(20) }
    rig.callee(180)
    rig.pass(.milliseconds(19_999))
    #expect(rig.requests.count == 1)
    rig.pass(.milliseconds(1))
    #expect(rig.requests.map(\.method) == [.invite, .cancel] && rig.failures == [.noAnswer])
    rig.reply(200)
    // No end of the INVITE comes: it is forgotten.
    rig.pass(.seconds(40))
    #expect(rig.agent.callCount == 0 && rig.agent.transactionCount == 0 && rig.timers.isEmpty)
    #expect(rig.agent.placed.isEmpty && rig.failures.count == 1)
  }

  @Test func `an answer that crosses the CANCEL is acknowledged and ended`() throws {
    var rig = Rig()
    let call = rig.dial()
    rig.callee(180)
    rig.command(.hangUp(call))
    rig.callee(200, body: Samples.offer)
    #expect(rig.requests.map(\.method) == [.invite, .cancel, .ack, .bye])
    #expect(rig.requests.last?.to.tag == "callee" && rig.requests.last?.cseq.number == 2)
    rig.callee(200, body: Samples.offer)
    #expect(rig.requests.map(\.method) == [.invite, .cancel, .ack, .bye, .ack])
    #expect(rig.answers.isEmpty && rig.ends.isEmpty && rig.failures == [.cancelled])
    rig.pass(.seconds(80))
    #expect(rig.agent.callCount == 0 && rig.agent.transactionCount == 0 && rig.timers.isEmpty)
  }

  @Test func `there is no room above the bounds, and none while we are about to stop`() throws {
    var rig = Rig { $0.maximumDials = 2 }
    let first = rig.dial()
    _ = rig.dial()
    _ = rig.dial()
    #expect(rig.failures == [.overloaded] && rig.invites.count == 2)
    rig.callee(200, body: Samples.offer, to: rig.invites[0])
    _ = rig.dial()
    #expect(rig.invites.count == 3, "an answered call is no dial any more")
    rig.callee(180)
    rig.command(.hangUpAll)
    #expect(rig.requests.map(\.method).suffix(2) == [.bye, .cancel])
    #expect(rig.ends == [.localHangUp] && rig.failures == [.overloaded, .cancelled, .cancelled])
    _ = rig.dial()
    #expect(rig.failures.last == .overloaded && rig.invites.count == 3)
    #expect(first.number == 1)
    var draining = Rig()
    draining.command(.drain(true))
    _ = draining.dial()
    #expect(draining.failures == [.overloaded] && draining.sent.isEmpty)
    var full = Rig { $0.maximumCalls = 1 }
    _ = full.dial()
    full.receive(Samples.invite, body: Samples.offer)
    #expect(full.statuses == [503], "a call that is placed takes a place")
    _ = full.dial()
    #expect(full.failures == [.overloaded])
    var busy = Rig { $0.maximumTransactions = 1 }
    _ = busy.dial()
    _ = busy.dial()
    #expect(busy.failures == [.overloaded])
  }

  @Test func `a handle that has a call places no other`() throws {
    var rig = Rig()
    let call = rig.connect()
    let again = Invitation(
      to: SIPURI(user: "bob", host: "192.0.2.7"), over: Rig.callee, local: Rig.local, ringLimit: .seconds(1))
    rig.command(.dial(call, again))
    #expect(rig.invites.count == 1 && rig.failures.isEmpty)
  }
}
