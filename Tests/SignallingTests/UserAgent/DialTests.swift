import Core
import Testing

@testable import Signalling

/// Calls that we place and that are answered.
@Suite struct DialTests {
  @Test func `a call is placed, rings, is answered, acknowledged and ended`() throws {
    var rig = Rig()
    let call = rig.dial()
    let invite = try #require(rig.invites.first)
    #expect(invite.uriText == "sip:alice@192.0.2.7" && invite.to.uriText == invite.uriText && invite.to.tag == nil)
    #expect(invite.from.uriText == "sip:repartee@198.51.100.1:5060" && invite.from.tag?.isEmpty == false)
    #expect(invite.headers[.contact] == "<sip:repartee@198.51.100.1:5060>" && invite.headers[.maxForwards] == "70")
    #expect(invite.body == OfferAnswer.offer(Rig.local).encoded() && invite.cseq == CSeq(1, .invite))
    #expect(rig.sent.first?.path == Rig.callee)
    rig.callee(100, tag: nil)
    rig.callee(180)
    rig.callee(180)
    #expect(rig.notices.count { if case .ringing(call) = $0 { true } else { false } } == 1)
    #expect(rig.acknowledgements.isEmpty && rig.answers.isEmpty && rig.agent.callCount == 1)
    rig.callee(200, body: Samples.offer)
    let ack = try #require(rig.acknowledgements.first)
    #expect(ack.uriText == "sip:alice@192.0.2.7:5070" && ack.cseq == CSeq(1, .ack) && ack.to.tag == "callee")
    #expect(ack.from == invite.from && ack.callID == invite.callID && ack.vias[0].branch != invite.vias[0].branch)
    #expect(rig.sent.last?.path == TransportPath(transport: .udp, host: "192.0.2.7", port: 5_070))
    #expect(rig.sent.last?.key == nil && rig.answers.map { $0.media[0].port } == [18_000])
    rig.callee(200, body: Samples.offer)
    #expect(rig.acknowledgements == [ack, ack] && rig.answers.count == 1)
    rig.pass(.seconds(31))
    rig.callee(200, body: Samples.offer)
    #expect(rig.acknowledgements.count == 3 && rig.invites.count == 1)
    rig.pass(.seconds(2))
    #expect(rig.agent.transactionCount == 0 && rig.agent.dials.isEmpty && rig.agent.placed.isEmpty)
    rig.command(.hangUp(call))
    let bye = try #require(rig.requests.last)
    #expect(bye.method == .bye && bye.cseq == CSeq(2, .bye) && bye.uriText == "sip:alice@192.0.2.7:5070")
    rig.reply(200)
    #expect(rig.ends == [.localHangUp] && rig.failures.isEmpty && rig.agent.callCount == 0)
  }

  @Test func `the call is one as any other: hold, keys, transfer, the end`() throws {
    var rig = Rig { $0.access.trusted = [] }
    let call = rig.connect()
    // A peer that counts from nought.
    rig.receive(rig.fromCallee(.info, 0, body: "Signal=5\r\n", type: "application/dtmf-relay"))
    #expect(rig.statuses == [200])
    rig.receive(rig.fromCallee(.invite, 1, body: Samples.offer.replacing("sendrecv", with: "sendonly")))
    guard case .offered(call, let offer?)? = rig.notices.last else {
      Issue.record("not offered")
      return
    }
    #expect(offer.media[0].direction == .sendonly)
    rig.command(.acceptOffer(call, Rig.description))
    rig.receive(rig.fromCallee(.ack, 1))
    guard case .offerSettled(call, answer: nil)? = rig.notices.last else {
      Issue.record("not settled")
      return
    }
    rig.command(.refer(call, to: "sip:bob@192.0.2.9", timeout: .seconds(30)))
    #expect(rig.requests.last?.method == .refer && rig.requests.last?.cseq.number == 2)
    rig.reply(202)
    rig.receive(rig.fromCallee(.bye, 2))
    #expect(rig.statuses.last == 200 && rig.outcomes == [.handedOver] && rig.ends == [.remoteHangUp])
    #expect(rig.agent.callCount == 0 && rig.agent.handles.isEmpty)
  }

  @Test func `the route that the answer recorded is followed from our end`() throws {
    var rig = Rig()
    let routes = "<sip:192.0.2.101:5070;transport=tcp;lr>, <sip:192.0.2.100;lr>"
    let call = rig.connect([(.recordRoute, routes)])
    rig.command(.hangUp(call))
    for request in [try #require(rig.acknowledgements.last), try #require(rig.requests.last)] {
      #expect(request.uriText == "sip:alice@192.0.2.7:5070")
      #expect(
        request.headers.lines(.route) == ["<sip:192.0.2.100;lr>", "<sip:192.0.2.101:5070;transport=tcp;lr>"])
    }
    #expect(
      rig.sent.suffix(2).map(\.path)
        == Array(repeating: TransportPath(transport: .udp, host: "192.0.2.100", port: 5_060), count: 2))
    // Without Contact the target is the one that was called.
    var bare = Rig()
    _ = bare.dial()
    var ok = try #require(bare.invites.last).response(200, toTag: "callee")
    ok.body = Array(Samples.offer.utf8)
    bare.take(.received(.response(ok), from: Rig.callee))
    #expect(bare.acknowledgements.first?.uriText == "sip:alice@192.0.2.7" && bare.answers.count == 1)
  }

  @Test func `a trunk's address, number and name are taken, over TCP without repetition`() throws {
    var rig = Rig()
    let path = TransportPath(transport: .tcp, host: "192.0.2.50", port: 5_080)
    _ = rig.dial {
      $0.path = path
      $0.caller = SIPURI("sip:line@trunk.example")
    }
    let invite = try #require(rig.invites.first)
    #expect(invite.vias[0].transport == "TCP" && invite.from.uriText == "sip:line@trunk.example")
    #expect(invite.headers[.contact] == "<sip:repartee@198.51.100.1:5060;transport=tcp>")
    #expect(rig.sent.map(\.path) == [path])
    rig.pass(.seconds(31))
    #expect(rig.invites.count == 1 && rig.failures.isEmpty)
    rig.pass(.seconds(2))
    #expect(rig.failures == [.noAnswer])
  }

  @Test func `what is heard before the answer is told, and holds when the answer says nothing else`() throws {
    var rig = Rig()
    let call = rig.dial()
    let second = Samples.offer.replacing("18000", with: "18002")
    rig.callee(183, body: Samples.offer)
    rig.callee(183, body: Samples.offer)
    rig.callee(183, tag: "other", body: second)
    rig.callee(183, body: "v=0 broken")
    rig.callee(183, body: Samples.offer.replacing("audio 18000", with: "audio 0"))
    #expect(rig.previews.map { $0.media[0].port } == [18_000, 18_002] && rig.answers.isEmpty)
    rig.callee(200)
    #expect(rig.answers.map { $0.media[0].port } == [18_000] && rig.agent.dialog(of: call)?.remote.tag == "callee")
    // An answer that says something is believed.
    var other = Rig()
    _ = other.dial()
    other.callee(183, body: Samples.offer)
    other.callee(200, body: second)
    #expect(other.answers.map { $0.media[0].port } == [18_002])
    // Nobody rings for ever: each change is told, up to a bound.
    var many = Rig()
    _ = many.dial()
    for port in 20_000..<20_100 { many.callee(183, body: Samples.offer.replacing("18000", with: "\(port)")) }
    for number in 0..<100 { many.callee(183, tag: "t\(number)", body: Samples.offer) }
    #expect(many.previews.count == OutgoingCall.previews)
    var branches = Rig()
    _ = branches.dial()
    for number in 0..<100 { branches.callee(183, tag: "t\(number)", body: Samples.offer) }
    #expect(branches.previews.count == OutgoingCall.branches)
  }

  @Test func `an answer without audio of ours is acknowledged and ended`() throws {
    for body in ["", "v=0 broken", Samples.offer.replacing("audio 18000", with: "audio 0")] {
      var rig = Rig()
      let call = rig.dial()
      rig.callee(183, tag: "other", body: Samples.offer)
      rig.callee(200, body: body)
      #expect(rig.requests.map(\.method) == [.invite, .ack, .bye] && rig.failures == [.notAcceptable])
      #expect(rig.requests.last?.to.tag == "callee" && rig.requests.last?.cseq.number == 2)
      rig.reply(200)
      rig.callee(200, body: body)
      #expect(rig.requests.map(\.method) == [.invite, .ack, .bye, .ack])
      rig.command(.hangUp(call))
      rig.pass(.seconds(40))
      #expect(rig.failures.count == 1 && rig.ends.isEmpty && rig.answers.isEmpty && rig.agent.transactionCount == 0)
    }
  }

  @Test func `an answer that asks for TLS is not talked with in clear`() throws {
    var rig = Rig()
    _ = rig.dial()
    rig.callee(200, [(.contact, "<sips:alice@192.0.2.7>")], body: Samples.offer)
    #expect(rig.requests.map(\.method) == [.invite] && rig.failures == [.notAcceptable])
    rig.callee(200, [(.contact, "<sips:alice@192.0.2.7>")], body: Samples.offer)
    #expect(rig.failures.count == 1 && rig.agent.callCount == 0)
  }

  @Test func `other branches of a fork that answer get ACK and BYE`() throws {
    var rig = Rig()
    let call = rig.connect()
    rig.callee(200, tag: "second", [(.contact, "<sip:alice@192.0.2.8>")], body: Samples.offer)
    rig.callee(200, tag: "second", [(.contact, "<sip:alice@192.0.2.8>")], body: Samples.offer)
    rig.callee(200, body: Samples.offer)
    let tail = rig.requests.dropFirst(2)
    #expect(tail.map(\.method) == [.ack, .bye, .ack, .ack])
    #expect(tail.map { $0.to.tag ?? "" } == ["second", "second", "second", "callee"])
    #expect(tail.map(\.uriText).prefix(3) == ["sip:alice@192.0.2.8", "sip:alice@192.0.2.8", "sip:alice@192.0.2.8"])
    #expect(rig.answers.count == 1 && rig.ends.isEmpty && rig.failures.isEmpty && rig.agent.callCount == 1)
    for number in 0..<50 { rig.callee(200, tag: "b\(number)", body: Samples.offer) }
    #expect(rig.requests.count { $0.method == .bye } == OutgoingCall.branches - 1)
    rig.command(.hangUp(call))
    #expect(rig.requests.last?.to.tag == "callee" && rig.ends == [.localHangUp])
  }

  @Test func `a request that overtakes the answer is told to wait`() throws {
    var rig = Rig { $0.access.trusted = [] }
    _ = rig.dial()
    rig.callee(180)
    rig.receive(rig.fromCallee(.invite, 1, body: Samples.offer))
    rig.receive(rig.fromCallee(.update, 2, body: Samples.offer))
    rig.receive(rig.fromCallee(.bye, 3))
    #expect(rig.statuses == [491, 491, 481])
    rig.callee(200, body: Samples.offer)
    rig.receive(rig.fromCallee(.invite, 4, body: Samples.offer))
    #expect(rig.statuses.suffix(1) == [100] && rig.ends.isEmpty)
  }

  @Test func `a session is watched when the other side refreshes it, and refreshed when we have to`() throws {
    var rig = Rig()
    _ = rig.connect([(.sessionExpires, "90;refresher=uas"), (.require, "timer")])
    #expect(rig.invites.first?.headers[.sessionExpires] == "1800;refresher=uas")
    #expect(rig.invites.first?.headers.lists(.supported, "timer") == true)
    rig.pass(.seconds(59))
    #expect(rig.ends.isEmpty)
    rig.pass(.seconds(2))
    #expect(rig.ends == [.sessionExpired])
    var ours = Rig()
    _ = ours.connect([(.sessionExpires, "90;refresher=uac"), (.allow, "INVITE, UPDATE")])
    ours.pass(.seconds(46))
    #expect(ours.requests.last?.method == .update)
    #expect(ours.requests.last?.headers[.sessionExpires] == "90;refresher=uac")
    for headers in [[(HeaderName.sessionExpires, "90;refresher=uac")], [(HeaderName.allow, "UPDATE")]] {
      var none = Rig()
      _ = none.connect(headers)
      none.pass(.seconds(1_900))
      #expect(none.ends.isEmpty && none.requests.map(\.method) == [.invite, .ack])
    }
  }

  @Test func `a later process ends the call by its record`() throws {
    var first = Rig()
    let call = first.connect()
    let records = first.notices.compactMap { if case .dialogChanged(call, let one) = $0 { one } else { nil } }
    #expect(records.count == 1 && records.first == first.agent.dialog(of: call))
    var second = Rig()
    second.command(.recoverBye(try #require(records.first)))
    let bye = try #require(second.requests.last)
    #expect(bye.method == .bye && bye.cseq.number > 1_000 && bye.to.tag == "callee")
    #expect(bye.callID == first.invites.first?.callID && bye.from.tag == first.invites.first?.from.tag)
  }
}
