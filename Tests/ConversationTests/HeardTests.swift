import Core
import Language
import ShopSupport
import TestSupport
import Testing

@testable import Conversation

@Suite struct `What is heard` {
  private func text(_ clear: String?) -> Sensitive<String> {
    Sensitive(token: SensitiveToken(label: .speech, id: clear ?? "erased"), value: clear)
  }

  private func heard(_ clear: String?, in call: ShopCall, segment: Int? = nil) -> Heard {
    call.machine.heard(text(clear), confidence: Confidence(0.9), segment: segment)
  }

  /// A call in which the number of an order is asked for: eight digits.
  private func asked() throws -> ShopCall {
    var call = try Shop.greeted()
    _ = call.hears { $0.say("where is my parcel", meaning: [.startFlow("order_status")]) }
    return call
  }

  @Test func `is judged by what was asked`() throws {
    let open = try Shop.greeted()
    let call = try asked()
    #expect(heard("one oh four seven three eight two nine", in: call).ending == .complete)
    #expect(heard("one oh four seven", in: call).ending == .incomplete)
    #expect(heard("yes", in: open).kind == .backchannel)
    #expect(heard("mhm", in: call).kind == .backchannel && heard("wait", in: call).kind == .interruption)
    #expect(heard("", in: call).kind == .empty && heard(nil, in: call).kind == .empty)
    #expect(heard("one oh four", in: call, segment: 7).segment == 7)
  }

  @Test func `is whole together with what the open turn has before and after it`() throws {
    var call = try asked()
    func voice(_ words: String, _ segment: Int) {
      call.give(.speechStarted(at: call.now))
      call.wait(300)
      call.give(.speechEnded(at: call.now))
      call.give(.transcript(heard(words, in: call, segment: segment)))
    }
    voice("one oh four seven", 2)
    let rest = heard("three eight two nine", in: call, segment: 3)
    #expect(rest.ending == .complete && rest.wordCount == 4 && rest.text == text("three eight two nine"))
    #expect(rest.text.revealed == "three eight two nine", "only the judgement is joined")
    #expect(heard("three eight", in: call, segment: 3).ending == .incomplete)
    #expect(heard("three eight two nine", in: call) == call.machine.heard(rest.text, confidence: rest.confidence))
    #expect(heard("", in: call, segment: 3).kind == .empty)
    // Words of an earlier voice that come late stand before those.
    #expect(heard("two two two", in: call, segment: 1).ending == .incomplete)
  }

  @Test func `is judged without the words that it replaces`() throws {
    var call = try asked()
    for (number, said) in ["no", "one oh four seven"].enumerated() {
      call.give(.speechStarted(at: call.now))
      call.wait(300)
      call.give(.speechEnded(at: call.now))
      call.give(.transcript(heard(said, in: call, segment: number + 1)))
    }
    let rest = text("three eight two nine")
    let alone = call.machine.heard(rest, confidence: Confidence(0.9), segment: 3, since: 2)
    #expect(alone.ending == .incomplete && alone.since == 2 && alone.segment == 3)
    #expect(call.machine.heard(rest, confidence: Confidence(0.9), segment: 3).ending == .complete)
  }

  @Test func `is judged by the last question also while its answer is worked on`() throws {
    var call = try asked()
    call.tools = { _ in nil }
    let number = call.order(ShopTable.shipped)
    call.say("one oh four seven three eight two nine", meaning: [number])
    call.wait(1_000)
    #expect(call.invocations.count == 1)
    #expect(heard("one oh four seven", in: call).ending == .incomplete)
  }
}

@Suite struct `A copy of a conversation` {
  @Test func `is stepped to the foreseen end of the turn, and is where the call comes to be`() throws {
    var call = try Shop.greeted()
    #expect(call.machine.foreseeable == nil)
    call.say("where is my parcel", meaning: [.startFlow("order_status")])
    let end = try #require(call.machine.foreseeable)
    var ahead = call.machine
    let effects = ahead.handle(end.event, at: end.at)
    let count = call.effects.count
    call.pass(to: end.at)
    #expect(Array(call.effects.dropFirst(count)) == effects && call.machine == ahead)
    #expect(call.machine.foreseeable == nil)
  }
}
