import Foundation
import Testing

@testable import Core

/// What a journal's format promises: everything that was ever written is read, and what is not known does no harm.
@Suite struct `The form of journal lines` {
  @Test func `of schema 1 is read for ever`() throws {
    let records = try Golden.journal(1).lines.map { try CanonicalJSON.decode(JournalRecord.self, from: Data($0.utf8)) }
    #expect(records == firstSamples)
    // What rows of schema 1 were filed under is what the records are filed under today.
    let kinds = try Golden.journal(1).lines.map { line in
      let names = line.split(separator: "\"").map(String.init)
      return names[1] == "started" ? "started" : names[1] + "." + names[5]
    }
    #expect(records.map(\.kind) == kinds)
  }

  @Test func `of schema 2 is read for ever`() throws {
    let records = try Golden.journal(2).lines.map { try CanonicalJSON.decode(JournalRecord.self, from: Data($0.utf8)) }
    #expect(records == goldenSamples)
    let ledger = try Golden.ledger(2).lines.map { Data($0.utf8) }
    #expect(try ledger.prefix(3).map { try CanonicalJSON.decode(EffectIntent.self, from: $0) } == goldenIntents)
    #expect(try ledger.dropFirst(3).map { try CanonicalJSON.decode(ToolOutcome.self, from: $0) } == goldenOutcomes)
  }

  /// The kinds of values that stand in fields of these names, over all golden lines. `""` stands for the lines themselves.
  private static func kinds() throws -> [String: Set<String>] {
    var found: [String: Set<String>] = [:]
    func scan(_ value: Any, _ field: String) {
      if let object = value as? [String: Any] {
        if let kind = object["kind"] as? String { found[field, default: []].insert(kind) }
        for (name, value) in object { scan(value, name) }
      } else if let values = value as? [Any] {
        for value in values { scan(value, field) }
      }
    }
    for line in try Golden.journal(2).lines + Golden.ledger(2).lines {
      scan(try JSONSerialization.jsonObject(with: Data(line.utf8)), "")
    }
    return found
  }

  @Test func `has a golden line for every kind there is`() throws {
    let kinds = try Self.kinds()
    func expect<Kind: CaseIterable & RawRepresentable>(_ type: Kind.Type, _ field: String, _ place: Comment)
    where Kind.RawValue == String {
      let missing = Set(type.allCases.map(\.rawValue)).subtracting(kinds[field] ?? [])
      #expect(missing.isEmpty, place)
    }
    expect(JournalRecord.Kind.self, "", "records")
    expect(CallEvent.Kind.self, "", "events")
    expect(CallEffect.Kind.self, "", "effects")
    expect(JournalRemark.Kind.self, "", "remarks")
    expect(ToolOutcome.Kind.self, "", "outcomes in ledgers")
    expect(ToolOutcome.Kind.self, "outcome", "outcomes in journals")
    expect(TimerID.Kind.self, "timer", "timers")
    expect(Command.Kind.self, "command", "commands")
    expect(SlotGrammar.Kind.self, "grammar", "grammars")
    expect(Sentence.Piece.Kind.self, "pieces", "pieces")
    expect(FactAnswer.Kind.self, "answer", "answers")
    expect(DataOwner.Kind.self, "owner", "owners")
  }

  private func read(_ text: String) throws -> JournalRecord {
    try CanonicalJSON.decode(JournalRecord.self, from: Data(text.utf8))
  }

  @Test(arguments: [
    (#"{"kind":"event.dreamt","of":"sheep"}"#, "event.dreamt"),
    (#"{"kind":"effect.sing"}"#, "effect.sing"),
    (#"{"kind":"remark.weather","sky":{"kind":"blue"}}"#, "remark.weather"),
    (#"{"kind":"sealed"}"#, "sealed"),
    (#"{"event":{"_0":{"dreamt":{"_0":1}}}}"#, "event.dreamt"),
    (#"{"kind":"event.timerFired","timer":{"kind":"nap"}}"#, "event.timerFired/nap"),
    (#"{"event":{"_0":{"timerFired":{"_0":{"nap":{}}}}}}"#, "event/nap"),
    (#"{"remark":{"_0":{"settled":{"_0":1,"_1":{"lost":{}}}}}}"#, "remark/lost"),
    (#"{"kind":"event.engine","engine":"nose","isWorking":true}"#, "event.engine/nose"),
    (
      #"{"kind":"event.understood","turn":1,"commands":[{"command":{"kind":"sing"},"confidence":1,"proposer":"x"}]}"#,
      "event.understood/sing"
    ),
  ])
  func `that is of an unknown kind is kept, by its kind`(_ text: String, _ kind: String) throws {
    let record = try read(text)
    #expect(record == .unknown(kind))
    #expect(record.kind == kind)
    #expect(try read(String(decoding: CanonicalJSON.encode(record), as: UTF8.self)) == record)
    #expect(!record.isEnd)
    #expect((record.unknownStep == nil) == kind.hasPrefix("remark"))
  }

  @Test func `that is damaged is an error, not an unknown kind`() {
    for text in [#"{"kind":"event.held"}"#, #"{"kind":"event.held","isHeld":"yes"}"#, "{}", #"{"a":1,"b":2}"#] {
      #expect(throws: (any Error).self) { try read(text) }
    }
  }

  @Test func `may hold more than is known`() throws {
    /// Dictionaries by names that are not the format's.
    let open: Set<String> = ["arguments", "filled", "menu", "values"]
    func more(_ value: Any, _ field: String = "") -> Any {
      if let object = value as? [String: Any] {
        var object = Dictionary(uniqueKeysWithValues: object.map { ($0, more($1, $0)) })
        if !open.contains(field) { object["later"] = ["kind": "thing"] }
        return object
      }
      if let values = value as? [Any] { return values.map { more($0, field) } }
      return value
    }
    for (line, sample) in zip(try Golden.journal(2).lines, goldenSamples) {
      let fuller = try JSONSerialization.data(
        withJSONObject: more(JSONSerialization.jsonObject(with: Data(line.utf8))))
      #expect(try CanonicalJSON.decode(JournalRecord.self, from: fuller) == sample, "\(line)")
    }
  }

  @Test(arguments: [
    JournalRecord.event(.finished(.tool(EffectID(1)), .transfer(.accepted))),
    .event(.finished(.understanding(TurnNumber(1)), .tool(.unknown))),
    .event(.timerFired(.meanwhile(.transfer(EffectID(1)), 1))),
  ])
  func `has no form for what nothing makes`(_ record: JournalRecord) {
    #expect(throws: EncodingError.self) { try CanonicalJSON.encode(record) }
  }

  @Test(arguments: [
    (#"{"kind":"effect.listen","plan":{}}"#, JournalRecord.effect(.listen(ListenPlan()))),
    (
      #"{"kind":"event.playback","playback":{"state":"started","utterance":1}}"#,
      .event(.playback(Playback(utterance: UtteranceID(1), state: .started)))
    ),
    (
      #"{"kind":"event.understood","turn":1,"commands":[{"command":{"kind":"hold"},"confidence":1000,"proposer":"x"}]}"#,
      .event(
        .finished(
          .understanding(TurnNumber(1)),
          .understood([ProposedCommand(.hold, confidence: .certain, proposer: "x")])))
    ),
    (#"{"kind":"remark.media","report":{}}"#, .remark(.media(MediaReport()))),
    (
      #"{"kind":"effect.understand","request":{"heard":[],"minuteOfDay":0,"today":"1970-01-01","turn":1}}"#,
      .effect(
        .work(
          .understand(
            UnderstandingRequest(
              turn: TurnNumber(1), heard: [], awaiting: nil, activeFlow: nil, fillable: [], filled: [:], startable: [],
              today: CivilDate(daysSinceEpoch: 0), minuteOfDay: 0))))
    ),
    (
      #"{"kind":"effect.speak","utterance":{"id":1,"interruption":"free","sentences":[],"turn":0}}"#,
      .effect(
        .speak(Utterance(id: UtteranceID(1), turn: TurnNumber(0), sentences: [], interruption: .free)))
    ),
  ])
  func `has a default for what may be absent`(_ text: String, _ record: JournalRecord) throws {
    #expect(try read(text) == record)
  }
}
