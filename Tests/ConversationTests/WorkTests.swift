import Core
import ShopSupport
import TestSupport
import Testing

@testable import Conversation

@Suite struct `Work that a conversation asks for` {
  /// A kind of work, under way.
  enum Kind: CaseIterable { case understanding, tool, transfer }

  private func underWay(_ kind: Kind) throws -> (call: ShopCall, id: WorkID) {
    var call = try Shop.greeted()
    call.understandingTakes = nil
    call.tools = { _ in nil }
    call.transfers = { _ in nil }
    switch kind {
    case .understanding: call.say("where is my parcel", meaning: [.startFlow("order_status")])
    case .tool:
      call.press("1")
      call.settle()
      call.press(ShopTable.shipped)
    case .transfer: call.press("0")
    }
    var id: WorkID?
    while id == nil, call.now < .milliseconds(60_000) {
      call.wait(20)
      for case .work(let work) in call.effects { id = work.id }
    }
    return (call, try #require(id))
  }

  @Test(arguments: Kind.allCases)
  func `and is late ends as if its host had told the result of what is late`(kind: Kind) throws {
    let (call, id) = try underWay(kind)
    let due = try #require(call.timers[.work(id)])
    var (late, told) = (call.machine, call.machine)
    let effects = late.handle(.timerFired(.work(id)), at: due)
    let others = told.handle(.finished(id, id.resultWhenLate), at: due)
    #expect(others.contains(.cancelTimer(.work(id))) && !effects.contains(.cancelTimer(.work(id))))
    #expect(effects == others.filter { $0 != .cancelTimer(.work(id)) })
    #expect(late == told && late != call.machine)
    #expect(effects.contains { if case .speak = $0 { true } else { false } }, "the caller hears of it")
    let isTold = effects.contains { if case .cancelTimer(.meanwhile(id, _)) = $0 { true } else { false } }
    #expect(isTold == (kind == .tool), "that work goes on is said no more")
    let again = late.handle(.timerFired(.work(id)), at: due)
    #expect(again.isEmpty, "once")
  }

  @Test(arguments: Kind.allCases)
  func `has a deadline of its kind`(kind: Kind) throws {
    let (call, id) = try underWay(kind)
    let work = try #require(
      call.lines.last { if case .effect(.work) = $0.record { true } else { false } })
    let waits: Int
    switch kind {
    case .understanding: waits = 2_500
    case .tool: waits = 3 * (try #require(call.invocations.last)).deadline.milliseconds + 6_000
    case .transfer: waits = 30_000
    }
    #expect(call.timers[.work(id)] == work.instant + .milliseconds(waits))
    #expect(call.timers.keys.contains { if case .meanwhile = $0 { true } else { false } } == (kind == .tool))
  }

  @Test func `and is told of after the next turn began changes nothing`() throws {
    var (call, first) = try underWay(.understanding)
    call.say("the blue one", .content, .complete)
    call.wait(1_000)
    let turns = call.effects.compactMap { if case .work(.understand(let it)) = $0 { it.turn } else { nil } }
    #expect(turns.count == 2 && first == .understanding(turns[0]))
    #expect(call.effects.contains(.cancelTimer(.work(first))))
    let before = call.machine
    let late = ProposedCommand(.startFlow("order_status"), confidence: .certain, proposer: "late")
    let effects = call.give(.finished(first, .understood([late])))
    #expect(effects.count == 1 && call.notes.last?.kind == .commandRejected && call.machine == before)
    let others = call.give(.timerFired(.work(first)))
    #expect(others.isEmpty && call.machine == before)
  }

  @Test func `and has ended is not said to go on`() throws {
    var (call, id) = try underWay(.tool)
    call.give(.finished(id, .tool(.unknown)))
    let before = call.machine
    let effects = call.give(.timerFired(.meanwhile(id, 1)))
    #expect(effects.isEmpty && call.machine == before)
  }

  @Test func `and ended while nobody was there has one result`() throws {
    var call = try Shop.greeted(channel: .chat)
    call.tools = { _ in nil }
    _ = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    call.say("it is", meaning: [call.order(ShopTable.processing)])
    call.wait(1_500)
    let id = WorkID.tool(try #require(call.invocations.last?.effect))
    call.give(.hungUp(by: .caller))
    let first = call.give(.finished(id, .tool(.refused("order_not_found"))))
    #expect(first == [.cancelTimer(.work(id))] && call.machine.mayBeLeft)
    let before = call.machine
    for event in [CallEvent.finished(id, .tool(.unknown)), .timerFired(.work(id))] {
      let effects = call.give(event)
      #expect(effects.isEmpty && call.machine == before)
    }
  }

  @Test func `has no result of another kind`() throws {
    for kind in Kind.allCases {
      var (call, id) = try underWay(kind)
      let before = call.machine
      for result: WorkResult in [.understood([]), .tool(.unknown), .transfer(.accepted)] {
        switch (id, result) {
        case (.understanding, .understood), (.tool, .tool), (.transfer, .transfer): continue
        default:
          let effects = call.give(.finished(id, result))
          #expect(effects.isEmpty && call.machine == before)
        }
      }
    }
  }
}
