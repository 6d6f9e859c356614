import Assistant
public import Conversation
import Core
import Rehearsal
public import TestSupport

extension Conversation: @retroactive Stepping {}

/// Whole calls to the shop of `Examples/shop`, played once in virtual time: their events are what is measured.
struct ShopDialogues {
  typealias Dialogue = VirtualCall<Conversation>

  /// A call as it was played.
  struct Recording {
    let start: CallStart
    let events: [(event: CallEvent, instant: CallInstant)]
    let journal: [JournalEntry]
    let turns: Int
  }

  let assistant: PreparedAssistant
  let recordings: [Recording]

  init(folder: String) throws {
    assistant = PreparedAssistant(try AssistantLoader.load(folder: folder).definition)
    let scripts: [(Channel, (inout Dialogue) -> Void)] = [
      (.voice, Self.status), (.voice, Self.keys), (.voice, Self.address), (.voice, Self.wrongNumber),
      (.voice, Self.person), (.voice, Self.silence), (.chat, Self.written),
    ]
    recordings = scripts.enumerated().map { [assistant] index, script in
      let start = CallStart.example(channel: script.0, seed: UInt64(index + 1))
      var call = Dialogue(Conversation(assistant: assistant, start: start))
      call.tools = { (ShopTable.answer($0), 50) }
      call.connect()
      call.settle()
      script.1(&call)
      call.settle()
      if !call.isOver { call.give(.hungUp(by: .caller)) }
      return Recording(
        start: start,
        events: call.lines.compactMap { if case .event(let event) = $0.record { (event, $0.instant) } else { nil } },
        journal: call.journal(start, assistant.definition.version),
        turns: call.notes.count { $0.kind == .turnEnded && $0.subject != "call" })
    }
    for (index, recording) in recordings.enumerated() where recording.turns == 0 || recording.events.count < 10 {
      throw BenchmarkError("call \(index) to the shop did not come about")
    }
  }

  var events: Int { recordings.reduce(0) { $0 + $1.events.count } }
  var turns: Int { recordings.reduce(0) { $0 + $1.turns } }
  var lines: Int { recordings.reduce(0) { $0 + $1.journal.count } }
}

// MARK: - The calls

extension ShopDialogues {
  private static func status(_ call: inout Dialogue) {
    call.speak("where is my parcel", [.startFlow("order_status")])
    call.speak("one oh four seven three eight two nine", [call.order(ShopTable.shipped)], .complete)
    call.speak("no thanks", [.answer(false)], .complete)
  }

  private static func keys(_ call: inout Dialogue) {
    for entry in ["1", ShopTable.shipped, "3", ShopTable.processing] {
      call.press(entry)
      call.wait(700)
      call.settle()
    }
    call.speak("thank you goodbye", [.goodbye], .complete)
  }

  private static func address(_ call: inout Dialogue) {
    call.speak("I have moved and need another address", [.startFlow("change_address")])
    call.speak("one oh four seven three eight two nine", [call.order(ShopTable.shipped)], .complete)
    call.speak("no I meant two oh five eight one six three seven", [call.order(ShopTable.processing)], .complete)
    call.speak(
      "five new street bristol", [.setSlot("new_address", .sensitive(call.sensitive("5 New Street", .address)))])
    // Over the agent's voice: it pauses, hears that only "mhm" was said, and goes on.
    call.say("mhm", .backchannel, .open, for: 300)
    call.settle()
    call.speak("yes", [.answer(true)], .complete)
    call.speak("no that is all", [.answer(false)], .complete)
  }

  private static func wrongNumber(_ call: inout Dialogue) {
    call.speak("move my delivery please", [.startFlow("move_delivery")])
    call.speak("one one one one two two two two", [call.order("11112222")], .complete)
    call.speak("two oh five eight one six three seven", [call.order(ShopTable.processing)], .complete)
    call.speak("yesterday", [.setSlot("new_date", .text("2030-05-05"))], .complete)
    call.speak("May the twentieth", [.setSlot("new_date", .text("2030-05-20"))], .complete)
    call.speak("yes please", [.answer(true)], .complete)
    call.speak("what is the weather like", [.cannotHandle(.outOfScope)])
  }

  private static func person(_ call: inout Dialogue) {
    call.transfers = { _ in (.busy, 3000) }
    call.speak("a person please", [.humanHandoff])
    call.wait(3500)
    call.settle()
    call.speak("yes", [.answer(true)], .complete)
    call.press("4915112345678#")
    call.wait(700)
    call.settle()
    call.speak("yes", [.answer(true)], .complete)
  }

  private static func silence(_ call: inout Dialogue) {
    call.speak("hello", [.chitchat])
    for _ in 0..<40 where !call.isOver { call.wait(1000) }
  }

  private static func written(_ call: inout Dialogue) {
    call.write("Where is my order?", [.startFlow("order_status")])
    call.write(ShopTable.shipped, [call.order(ShopTable.shipped)])
    call.write("Something is broken", [.startFlow("open_case")])
    call.write("no thanks", [.answer(false)])
  }
}

extension VirtualCall {
  /// Says something in a quiet moment, and listens until the agent has answered.
  fileprivate mutating func speak(_ words: String, _ meaning: [Command], _ ending: Heard.Ending = .open) {
    say(words, .content, ending, for: 900, meaning: meaning)
    wait(700)
    settle()
  }

  fileprivate mutating func write(_ words: String, _ meaning: [Command]) {
    give(.message(heard(words, meaning: meaning)))
    settle()
  }

  fileprivate mutating func order(_ number: String) -> Command {
    .setSlot("order_number", .sensitive(sensitive(number, .identifier)))
  }
}

// MARK: - What is measured

extension ShopDialogues {
  var suite: Suite {
    get throws {
      let readings = try recordings.map { recording in
        // As another process reads it: every caller's value gone.
        JournalReading(
          entries: try recording.journal.map {
            try CanonicalJSON.decode(JournalEntry.self, from: CanonicalJSON.encode($0))
          }, firstBroken: nil, erased: 0)
      }
      let replay = Replay(assistant: assistant)
      for reading in readings where replay.run(reading) != .identical(erased: 0) {
        throw BenchmarkError("a call replays differently: \(replay.run(reading))")
      }
      let (events, turns) = (events, turns)
      return Suite(
        name: "step",
        input:
          "\(recordings.count) whole calls to Examples/shop, \(turns) turns, \(events) events, \(lines) journal lines",
        workloads: [
          Workload("Conversation.handle", unit: "event", operations: events) {
            for recording in recordings {
              var conversation = Conversation(assistant: assistant, start: recording.start)
              for (event, instant) in recording.events { consume(conversation.handle(event, at: instant)) }
            }
          },
          Workload("CanonicalJSON, the lines of the same events", unit: "event", operations: events) {
            for recording in recordings {
              for line in recording.journal { consume(try CanonicalJSON.encode(line.record)) }
            }
          },
          Workload("Replay.run, the same events", unit: "event", operations: events) {
            for reading in readings { consume(replay.run(reading)) }
          },
        ],
        derived: { figures in
          [
            Derived(
              name: "Conversation.handle", value: figures[0].perSecond * Double(turns) / Double(events),
              unit: "turns a second on one core"),
            Derived(
              name: "handled and encoded for the journal",
              value: 1e9 / (figures[0].nanoseconds + figures[1].nanoseconds) * Double(turns) / Double(events),
              unit: "turns a second on one core"),
          ]
        })
    }
  }
}
