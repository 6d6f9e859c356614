import Testing

@testable import Signalling

@Suite struct TransactionLayerTests {
  let source = TransportPath(transport: .udp, host: "203.0.113.5", port: 40_000)
  let invite: SIPRequest

  init() throws { invite = try Samples.request(Samples.invite) }

  static func key(_ actions: [TransactionLayer.Action]) -> TransactionKey? {
    actions.lazy.compactMap { if case .request(_, let key, _) = $0 { key } else { nil } }.first
  }

  @Test func `the source is noted in Via and answered to`() throws {
    var layer = TransactionLayer()
    let actions = layer.receive(.request(invite), from: source)
    guard case .request(let marked, let key?, _) = actions.first else {
      Issue.record("not delivered")
      return
    }
    #expect(marked.vias[0].parameters["received"] == "203.0.113.5" && marked.vias[0].parameters["rport"] == "40000")
    #expect(
      layer.respond(key, marked.response(100)).first
        == .send(.response(marked.response(100)), to: source, transaction: key))
    var plain = invite
    plain.vias[0].parameters["rport"] = nil
    plain.vias[0].parameters.items.removeAll { $0.name == "rport" }
    #expect(TransactionLayer.replyPath(plain.vias.first, from: source).port == 5_061)
  }

  @Test func `a repetition is not delivered again, another sender with the same branch is`() {
    var layer = TransactionLayer()
    #expect(Self.key(layer.receive(.request(invite), from: source)) != nil)
    #expect(layer.receive(.request(invite), from: source).isEmpty)
    var other = invite
    other.vias[0].host = "192.0.2.99"
    #expect(Self.key(layer.receive(.request(other), from: source)) != nil)
    var cancel = invite
    cancel.method = .cancel
    #expect(Self.key(layer.receive(.request(cancel), from: source)) != nil)
    #expect(TransactionKey(cancelledBy: cancel) == TransactionKey(server: invite))
    #expect(layer.count == 3)
  }

  @Test func `old peers without branch are matched by the rest of the message`() {
    var layer = TransactionLayer()
    var old = invite
    old.vias[0].parameters["branch"] = nil
    let key = Self.key(layer.receive(.request(old), from: source))
    #expect(layer.receive(.request(old), from: source).isEmpty)
    if let key { _ = layer.respond(key, old.response(486, toTag: "ours")) }
    var ack = old
    ack.method = .ack
    ack.cseq = CSeq(1, .ack)
    ack.to.tag = "ours"
    #expect(Self.key(layer.receive(.request(ack), from: source)) == nil)
    var next = old
    next.cseq = CSeq(2, .invite)
    #expect(Self.key(layer.receive(.request(next), from: source)) != nil)
  }

  @Test func `more than the capacity is refused and not kept`() {
    var layer = TransactionLayer(capacity: 10)
    var refused = 0
    for number in 0..<30 {
      var request = invite
      request.vias[0].parameters["branch"] = "\(Via.cookie)\(number)"
      if case .overflow(let given, source) = layer.receive(.request(request), from: source).first {
        #expect(given.callID == request.callID)
        refused += 1
      }
    }
    #expect(refused == 20 && layer.count == 10)
  }

  @Test func `responses find their request by branch and method, others fall`() {
    var layer = TransactionLayer()
    var request = invite
    request.method = .options
    request.cseq = CSeq(1, .options)
    let (key, actions) = layer.send(request, to: source)
    #expect(actions.first == .send(.request(request), to: source, transaction: key))
    var response = request.response(200, toTag: "x")
    response.vias.append(response.vias[0])
    #expect(layer.receive(.response(response), from: source).isEmpty)
    response.vias.removeLast()
    var foreign = response
    foreign.vias[0].parameters["branch"] = "z9hG4bKother"
    #expect(layer.receive(.response(foreign), from: source).isEmpty)
    #expect(
      layer.receive(.response(response), from: source).contains { if case .response = $0 { true } else { false } })
    #expect(
      !layer.receive(.response(response), from: source).contains { if case .response = $0 { true } else { false } })
  }
}
