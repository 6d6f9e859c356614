import TestSupport
import Testing

@testable import Signalling

@Suite struct TransactionMachineTests {
  let invite: SIPRequest
  let options: SIPRequest

  init() throws {
    invite = try Samples.request(Samples.invite)
    options = try Samples.request(Samples.invite.replacing("INVITE", with: "OPTIONS"))
  }

  /// Lets the timers of one machine run under a manual clock and notes when something is sent or said.
  static func run(
    _ actions: [TransactionAction], until end: Duration, _ step: (TransactionTimer) -> [TransactionAction]
  ) -> [(Duration, TransactionAction)] {
    var now = Duration.zero
    var timers: [TransactionTimer: Duration] = [:]
    var log: [(Duration, TransactionAction)] = []
    func take(_ actions: [TransactionAction]) {
      for action in actions {
        switch action {
        case .setTimer(let timer, let after): timers[timer] = now + after
        case .cancelTimer(let timer): timers[timer] = nil
        default: log.append((now, action))
        }
      }
    }
    take(actions)
    while let next = timers.min(by: { ($0.value, $0.key.rawValue) < ($1.value, $1.key.rawValue) }), next.value <= end {
      now = next.value
      timers[next.key] = nil
      take(step(next.key))
    }
    return log
  }

  func seconds(_ log: [(Duration, TransactionAction)]) -> [Double] {
    log.compactMap { entry in
      guard case .send = entry.1 else { return nil }
      return Double(entry.0.components.seconds) + Double(entry.0.components.attoseconds) / 1e18
    }
  }

  @Test func `an unanswered INVITE is sent seven times over UDP and once over TCP, then times out`() {
    for (reliable, times) in [(false, [0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5]), (true, [0])] {
      var machine = InviteClientTransaction(invite, isReliable: reliable)
      let log = Self.run(machine.start(), until: .seconds(100)) { machine.handle(.timer($0)) }
      #expect(seconds(log) == times)
      #expect(log.suffix(2).map(\.1) == [.timedOut, .terminated])
      #expect(log.last?.0 == .seconds(32))
    }
  }

  @Test func `an unanswered request is sent eleven times over UDP, every four seconds at last`() {
    var machine = ClientTransaction(options, isReliable: false)
    let log = Self.run(machine.start(), until: .seconds(100)) { machine.handle(.timer($0)) }
    #expect(seconds(log) == [0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5])
    #expect(log.suffix(2).map(\.1) == [.timedOut, .terminated])
  }

  @Test func `a refused INVITE is acknowledged at each repetition of the answer and delivered once`() {
    var machine = InviteClientTransaction(invite, isReliable: false)
    _ = machine.start()
    let busy = invite.response(486, toTag: "t")
    let first = machine.handle(.response(busy))
    #expect(first.contains(.deliver(busy)))
    guard let ack = first.lazy.compactMap({ if case .send(.request(let r)) = $0 { r } else { nil } }).first else {
      Issue.record("no ACK")
      return
    }
    #expect(ack.method == .ack && ack.cseq == CSeq(1, .ack) && ack.vias == invite.vias && ack.to.tag == "t")
    #expect(machine.handle(.response(busy)) == [.send(.request(ack))])
    #expect(machine.handle(.timer(.d)) == [.terminated])
    #expect(machine.handle(.response(busy)).isEmpty)
  }

  @Test func `a final refusal is repeated until ACK over UDP and not over TCP`() {
    for (reliable, times) in [(false, [0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]), (true, [0])] {
      var machine = InviteServerTransaction(isReliable: reliable)
      let log = Self.run(machine.handle(.respond(invite.response(486, toTag: "t"))), until: .seconds(100)) {
        machine.handle(.timer($0))
      }
      #expect(seconds(log) == times)
      #expect(log.suffix(2).map(\.1) == [.timedOut, .terminated])
    }
  }

  @Test func `an ACK ends the repetition and absorbs its own repetitions`() throws {
    var machine = InviteServerTransaction(isReliable: false)
    _ = machine.handle(.respond(invite.response(486, toTag: "t")))
    let ack = try Samples.request(Samples.invite.replacing("INVITE", with: "ACK"))
    #expect(machine.handle(.request(ack)) == [.cancelTimer(.g), .cancelTimer(.h), .setTimer(.i, after: .seconds(5))])
    #expect(machine.handle(.request(ack)).isEmpty && machine.handle(.request(invite)).isEmpty)
    #expect(machine.handle(.timer(.i)) == [.terminated])
  }

  @Test func `after a 2xx repetitions of INVITE are swallowed and only a 2xx can follow`() {
    var machine = InviteServerTransaction(isReliable: false)
    let trying = invite.response(100)
    let ok = invite.response(200, toTag: "t")
    #expect(machine.handle(.respond(trying)) == [.send(.response(trying))])
    #expect(machine.handle(.request(invite)) == [.send(.response(trying))])
    #expect(machine.handle(.respond(ok)) == [.send(.response(ok)), .setTimer(.l, after: .seconds(32))])
    #expect(machine.handle(.request(invite)).isEmpty)
    #expect(machine.handle(.respond(invite.response(500))).isEmpty)
    #expect(machine.handle(.respond(ok)) == [.send(.response(ok))])
    #expect(machine.handle(.timer(.l)) == [.terminated])
  }

  @Test func `a repeated request gets the same answer until timer J`() {
    var machine = ServerTransaction(isReliable: false)
    #expect(machine.handle(.request(options)).isEmpty)
    let ok = options.response(200, toTag: "t")
    #expect(machine.handle(.respond(ok)) == [.send(.response(ok)), .setTimer(.j, after: .seconds(32))])
    #expect(machine.handle(.respond(options.response(500))).isEmpty)
    #expect(machine.handle(.request(options)) == [.send(.response(ok))])
    #expect(machine.handle(.timer(.j)) == [.terminated])
    #expect(machine.handle(.request(options)).isEmpty)
  }

  @Test func `random events never give two different final answers or a word after the end`() {
    var generator = Seeded(7)
    let finals = [200, 302, 404, 486, 500, 603].map { invite.response($0, toTag: "t") }
    for round in 0..<600 {
      var server = InviteServerTransaction(isReliable: round % 2 == 0)
      var plain = ServerTransaction(isReliable: round % 2 == 0)
      for serves in [true, false] {
        var statuses: Set<Int> = []
        var ended = false
        for _ in 0..<30 {
          let event: TransactionEvent =
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: .respond(finals.randomElement(using: &generator) ?? finals[0])
            case 1: .respond(invite.response(180))
            case 2: .request(invite)
            case 3: .timer(TransactionTimer.allCases.randomElement(using: &generator) ?? .a)
            default: Int.random(in: 0..<20, using: &generator) == 0 ? .transportFailed : .request(invite)
            }
          let actions = serves ? server.handle(event) : plain.handle(event)
          #expect(!ended || actions.isEmpty)
          for action in actions {
            if case .send(.response(let response)) = action, response.isFinal { statuses.insert(response.status) }
            if action == .terminated { ended = true }
          }
        }
        #expect(statuses.count <= 1)
      }
    }
  }
}
