import Core
import Dialogue
import ShopSupport
import TestSupport
import Testing

@testable import Conversation

/// The first promise: a change never follows from less than a yes to all of what was read back.
@Suite struct `A change that is read back` {
  /// A call in which the new address is being read back.
  static func reading() throws -> ShopCall {
    var call = try Shop.greeted()
    let address = Command.setSlot("new_address", .sensitive(call.sensitive("5 New Street, Bristol", .address)))
    let number = call.order(ShopTable.processing)
    _ = call.hears { $0.say("change my address", meaning: [.startFlow("change_address"), number]) }
    call.say("five new street", .content, .complete, meaning: [address])
    for _ in 0..<40 where call.machine.understandingContext.awaiting != "address_confirmed" { call.wait(100) }
    while call.line.sounding == nil { call.wait(50) }
    #expect(call.machine.understandingContext.awaiting == "address_confirmed" && call.changes.isEmpty)
    return call
  }

  static let yes = [Command.setSlot("address_confirmed", .bool(true))]

  @Test(arguments: ["yeah", "okay", "right", "uh huh"])
  func `is not made by a yes over it, but by one behind it`(_ text: String) throws {
    var call = try Self.reading()
    let readBack = try #require(call.line.sounding)
    call.say(text, .backchannel, .complete, for: 300, meaning: Self.yes)
    #expect(!call.effects.contains(.stop(readBack)))
    call.settle()
    #expect(call.changes.isEmpty)
    call.say("yes", .backchannel, .complete, meaning: Self.yes)
    call.wait(1000)
    call.settle()
    #expect(call.changes.count == 1)
  }

  @Test func `is put again soon when it was agreed to early`() throws {
    var call = try Self.reading()
    call.say("yeah", .backchannel, .complete, for: 300, meaning: Self.yes)
    call.settle()
    let said = call.utterances.count
    call.wait(2000)
    #expect(call.utterances.count > said && call.changes.isEmpty)
    #expect(call.machine.understandingContext.awaiting == "address_confirmed")
  }

  @Test func `is not made by a yes that began before its end, even when its words come after`() throws {
    var call = try Self.reading()
    let readBack = try #require(call.line.sounding)
    while call.line.nextChange(call.now) != nil, call.line.sounding == readBack {
      let left = call.line.nextChange(call.now).map { $0 - call.now } ?? .zero
      guard left > .milliseconds(80) else { break }
      call.wait(20)
    }
    let began = call.now
    call.wait(100)
    #expect(call.line.sounding == nil)
    call.give(.speechStarted(at: began))
    call.wait(300)
    call.give(.speechEnded(at: call.now))
    call.wait(80)
    call.give(.transcript(call.heard("yes", .backchannel, .complete, meaning: Self.yes)))
    call.wait(1000)
    #expect(call.changes.isEmpty)
    #expect(call.notes.contains { $0.reason.contains("before_the_question") })
    call.settle()
    call.say("yes", .backchannel, .complete, meaning: Self.yes)
    call.wait(1000)
    #expect(call.changes.count == 1)
  }

  @Test func `is ended by a no, and by another value`() throws {
    for (text, meaning) in [
      ("no", [Command.setSlot("address_confirmed", .bool(false))]), ("no it's another street", [.chitchat]),
    ] {
      var call = try Self.reading()
      let readBack = try #require(call.line.sounding)
      call.say(text, .interruption, .complete, meaning: meaning)
      #expect(call.effects.contains(.stop(readBack)))
      call.wait(1000)
      call.settle()
      #expect(call.changes.isEmpty)
    }
  }

  @Test func `is not made by a yes while it was cut and is not yet said again`() throws {
    var call = try Self.reading()
    call.say("hm what", .content, .complete, meaning: [.cannotHandle(.notUnderstood)])
    call.understandingTakes = 2000
    call.say("yes", .backchannel, .complete, meaning: Self.yes)
    call.wait(4000)
    call.settle()
    #expect(call.changes.isEmpty)
  }

  @Test func `is not made by a key before its end, but by one behind it`() throws {
    var call = try Self.reading()
    let readBack = try #require(call.line.sounding)
    call.press("1")
    #expect(!call.effects.contains(.stop(readBack)))
    call.settle()
    #expect(call.changes.isEmpty)
    call.press("1")
    call.wait(1000)
    #expect(call.changes.count == 1)
  }

  @Test func `is not made by what was said while a tool ran, before the question`() throws {
    var call = try Shop.greeted()
    let number = call.order(ShopTable.processing)
    let address = Command.setSlot("new_address", .sensitive(call.sensitive("5 New Street, Bristol", .address)))
    call.tools = { (ShopTable.answer($0), 2500) }
    call.say("change my address", .content, .complete, meaning: [.startFlow("change_address"), number, address])
    call.wait(1000)
    call.understandingTakes = 2400
    call.say("yes yes", .content, .complete, meaning: [.answer(true)])
    call.wait(8000)
    call.settle()
    #expect(call.changes.isEmpty)
  }

  @Test func `is not made by a yes with less certainty than a yes has`() throws {
    var call = try Self.reading()
    call.settle()
    call.say("s", .content, .complete, meaning: Self.yes, sure: Confidence(permille: 620))
    call.wait(1000)
    #expect(call.changes.isEmpty)
  }

  @Test func `is not made by a yes with a correction in the same breath`() throws {
    var call = try Self.reading()
    call.settle()
    let other = Command.setSlot("new_address", .sensitive(call.sensitive("6 New Street, Bristol", .address)))
    call.say("yes but number six", .content, .complete, meaning: Self.yes + [other])
    call.wait(1000)
    call.settle()
    #expect(call.changes.isEmpty)
  }
}

@Suite struct `A guess` {
  @Test(arguments: [Command.goodbye, .humanHandoff, .cancelFlow, .hold, .restart, .startFlow("speak_to_person")])
  func `neither ends the call nor drops the journey at an open question`(_ command: Command) throws {
    for (permille, leaves) in [(300, false), (510, false), (799, false), (980, true)] {
      var call = try Shop.greeted()
      _ = call.hears { $0.say("where is my order", meaning: [.startFlow("order_status")]) }
      call.say("x", .content, .complete, meaning: [command], sure: Confidence(permille: permille))
      call.wait(1500)
      let stays =
        call.machine.dialogue.stack.contains { $0.flow == "order_status" }
        && call.machine.understandingContext.awaiting == "order_number" && call.hangUp == nil
      let isResting =
        command == .hold && call.notes.contains { $0.subject.contains("pattern_hold") || $0.reason.contains("wish") }
      #expect((stays && !isResting) == !leaves, "\(command) at \(permille)")
    }
  }
}

extension ShopCall {
  /// Tools that change something, asked for so far.
  fileprivate var changes: [ToolInvocation] { invocations.filter(\.changesState) }
}
