import Core
import Governance
import ShopSupport
import TestSupport
import Testing

@testable import Insight

extension ShopCall {
  var outcome: CallOutcomeFold {
    get throws {
      var fold = CallOutcomeFold()
      for entry in try read() { fold.take(entry) }
      return fold
    }
  }

  /// A call whose greeting was heard.
  static func greeted() throws -> ShopCall {
    var call = try Shop.call()
    call.connect()
    call.settle()
    return call
  }

  mutating func keyed(_ entries: String...) {
    for keys in entries {
      press(keys)
      settle()
    }
  }

  mutating func hearsYes(_ isYes: Bool = true) {
    say(isYes ? "yes" : "no", .content, .complete, meaning: [.answer(isYes)])
    wait(700)
    settle()
  }
}

@Suite struct `What a call came to` {
  @Test func `is nothing when the caller leaves`() throws {
    var call = try ShopCall.greeted()
    #expect(try !call.outcome.hasEnded)
    call.give(.hungUp(by: .caller))
    #expect(try call.outcome.outcome == .abandoned)
    #expect(try call.outcome.hasEnded)
  }

  @Test func `is fulfilled when a journey was completed`() throws {
    var call = try ShopCall.greeted()
    call.keyed("1", ShopTable.shipped)
    call.hearsYes(false)
    #expect(try call.outcome.outcome == .fulfilled)
  }

  @Test func `is fulfilled though the caller then says nothing more`() throws {
    var call = try ShopCall.greeted()
    call.keyed("1", ShopTable.shipped)
    call.wait(60_000)
    #expect(call.hangUp == .silence)
    #expect(try call.outcome.outcome == .fulfilled)
  }

  @Test func `is abandoned when nobody speaks`() throws {
    var call = try ShopCall.greeted()
    call.wait(60_000)
    #expect(call.hangUp == .silence)
    #expect(try call.outcome.outcome == .abandoned)
  }

  @Test func `is transferred when a person takes over`() throws {
    var call = try ShopCall.greeted()
    call.keyed("0")
    #expect(try call.outcome.outcome == .transferred)
  }

  private func calledBack() throws -> ShopCall {
    var call = try ShopCall.greeted()
    call.transfers = { _ in (.declined, 1_000) }
    call.keyed("0")
    call.hearsYes()
    call.keyed("02079460123#")
    call.hearsYes()
    return call
  }

  @Test func `is a call back when nobody takes over and a case is opened`() throws {
    let call = try calledBack()
    #expect(call.invocations.last?.tool == "open_callback_case")
    #expect(try call.outcome.outcome == .callback)
  }

  @Test func `is no call back when nobody takes over and something else is done`() throws {
    var call = try ShopCall.greeted()
    call.transfers = { _ in (.declined, 1_000) }
    call.keyed("0")
    call.hearsYes(false)
    call.keyed("2", ShopTable.processing)
    let address = Command.setSlot("new_address", .sensitive(call.sensitive("5 New Street", .address)))
    call.say("five new street", meaning: [address])
    call.wait(700)
    call.settle()
    call.hearsYes()
    #expect(call.invocations.last?.tool == "change_address")
    #expect(try call.outcome.outcome == .fulfilled)
  }

  @Test func `is abandoned when nobody takes over and no case is wanted`() throws {
    var call = try ShopCall.greeted()
    call.transfers = { _ in (.busy, 1_000) }
    call.keyed("0")
    call.hearsYes(false)
    #expect(try call.outcome.outcome == .abandoned)
  }

  @Test func `is failed when the legal sentence could not be spoken`() throws {
    var call = try Shop.call()
    call.synthesisTakes = nil
    call.connect()
    call.settle()
    #expect(try call.outcome.outcome == .failed)
  }
}

@Suite struct `A transcript` {
  private func lines(_ entries: [JournalEntry]) -> [TranscriptLine] {
    var fold = TranscriptFold(for: .file, by: .standard)
    return entries.flatMap { fold.take($0) } + fold.rest()
  }

  @Test func `holds who said what, in order`() throws {
    var call = try ShopCall.greeted()
    call.say("where is my parcel", meaning: [.startFlow("order_status")])
    call.wait(700)
    call.settle()
    call.press(ShopTable.shipped)
    call.settle()
    call.give(.hungUp(by: .caller))
    let lines = lines(call.journal(.example(), try Shop.definition.get().version))
    let spoken = lines.filter { $0.text != nil && $0.heard == nil }
    #expect(spoken.first?.speaker == "agent" && spoken.first?.text?.hasPrefix("Welcome to Larkfield.") == true)
    #expect(spoken.contains { $0.speaker == "caller" && $0.text == "where is my parcel" && $0.kind == "speech" })
    #expect(spoken.filter { $0.kind == "dtmf" }.compactMap(\.text).joined() == ShopTable.shipped)
    #expect(lines.last?.event == "ended" && lines.last?.outcome == "fulfilled")
    #expect(lines.map(\.at) == lines.map(\.at).sorted())
  }

  @Test func `shows labels where values are not revealed`() throws {
    var call = try ShopCall.greeted()
    call.say("my name is Bond", meaning: [.chitchat])
    call.settle()
    let lines = lines(try call.read())
    #expect(lines.contains { $0.speaker == "caller" && $0.text == "<speech>" })
    #expect(!lines.contains { $0.text?.contains("Bond") == true })
  }

  @Test func `tells words that were read again with a later voice once`() throws {
    var call = try ShopCall.greeted()
    func voice(_ text: String, _ segment: Int, since: Int? = nil) {
      call.give(.speechStarted(at: call.now))
      call.wait(300)
      call.give(.speechEnded(at: call.now))
      call.give(
        .transcript(
          Heard(
            text: call.sensitive(text, .speech), confidence: Confidence(0.9), wordCount: 2, kind: .content,
            ending: .open,
            segment: segment, since: since)))
    }
    voice("hello there", 1)
    voice("one oh four", 2)
    voice("one oh four seven", 3, since: 2)
    call.settle()
    let told = lines(call.journal(.example(), try Shop.definition.get().version)).filter { $0.speaker == "caller" }
    #expect(told.compactMap(\.text) == ["hello there", "one oh four seven"])
  }

  @Test func `tells what was said last, though nothing followed`() throws {
    var call = try ShopCall.greeted()
    call.give(.speechStarted(at: call.now))
    call.wait(300)
    call.give(.speechEnded(at: call.now))
    call.give(.transcript(call.heard("where is my parcel")))
    let told = lines(call.journal(.example(), try Shop.definition.get().version)).filter { $0.speaker == "caller" }
    #expect(told.compactMap(\.text) == ["where is my parcel"])
  }

  @Test func `leaves noises out`() throws {
    var call = try ShopCall.greeted()
    call.say("", .empty)
    call.settle()
    #expect(lines(try call.read()).allSatisfy { $0.speaker != "caller" })
  }

  @Test func `knows how much of an utterance was heard that was cut`() throws {
    var call = try ShopCall.greeted()
    call.press("1")
    call.wait(700)
    call.say("stop it", .interruption, .complete, meaning: [.cancelFlow])
    call.settle()
    let heard = lines(try call.read()).filter { $0.heard != nil }
    #expect(heard.count == 1, "what was heard whole needs no line of its own")
    let cut = try #require(heard.first)
    #expect(cut.speaker == nil, "it was not said once more")
    #expect(cut.text?.hasPrefix("What is your order number?") == true)
    #expect((10..<90).contains(cut.heard ?? 0), "\(cut.heard ?? -1)")
    #expect(cut.event == "cut")
  }

  @Test func `names the line's own name of the call`() throws {
    let identity = Sensitive(
      token: SensitiveToken(label: .identifier, id: "i"), value: #"{"callID":"abc@example.org","other":1}"#)
    let entry = JournalEntry(
      conversation: "c", call: "k", sequence: 1, instant: .zero, record: .remark(.lineIdentity(identity)))
    let line = lines([entry]).first
    #expect(line?.event == "started" && line?.sip_call_id == "abc@example.org")
  }
}
