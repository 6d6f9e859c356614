import Conversation
import Core
import ShopSupport
import TestSupport
import Testing

/// A number of which the recogniser was not sure, in the example shop: from words to the sentence that tells what was found.
@Suite struct `A number that was perhaps another` {
  private static let misheard = "20581631"

  private func asked(or others: [String]) throws -> (call: ShopCall, answer: String) {
    var call = try Shop.greeted()
    _ = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
    let answer = call.hears { call in
      let number = call.order(Self.misheard)
      let values = others.map { SlotValue.sensitive(call.sensitive($0, .identifier)) }
      call.say("2 0 5 8 1 6 3 1", meaning: [number], or: values)
    }
    return (call, answer)
  }

  @Test func `is looked up in its other readings before the caller hears of it`() throws {
    let (call, answer) = try asked(or: ["20581639", ShopTable.processing])
    let looked = call.invocations.map { $0.arguments["order_number"]?.revealedText }
    #expect(looked == [Self.misheard, "20581639", ShopTable.processing])
    #expect(answer.hasPrefix("I have 20581637."), "\(answer)")
    #expect(answer.contains("being prepared") || answer.contains("processing"), "\(answer)")
    #expect(Set(call.invocations.map(\.effect)).count == 3)
  }

  @Test func `is asked for again as ever when none is known`() throws {
    let (call, answer) = try asked(or: ["20581639", "20581630", "20581632"])
    #expect(call.invocations.count == 3 && call.invocations.allSatisfy { !$0.changesState })
    #expect(!answer.contains("I have"), "\(answer)")
    #expect(call.machine.slots["order_number"] == nil)
  }

  @Test func `is in the journal, and replays without the caller's values`() throws {
    let (call, _) = try asked(or: [ShopTable.processing])
    let entries = try call.read()
    let read = entries.compactMap { entry -> [ProposedCommand]? in
      if case .event(.finished(_, .understood(let commands))) = entry.record { commands } else { nil }
    }
    #expect(read.contains { $0.contains { $0.others.count == 1 } })
    let fold = try #require(JournalFold(entries, assistant: Shop.assistant.get()))
    #expect(fold.difference == nil && fold.unwritten.isEmpty)
  }
}
