import Core
import Foundation

/// A file of lines that are written once and read for ever. A change of a line in it is a new schema, not an edit.
struct Golden {
  let file: URL

  static func journal(_ schema: Int) -> Golden { Golden(file: fixture("journal-schema-\(schema).jsonl")) }
  static func ledger(_ schema: Int) -> Golden { Golden(file: fixture("ledger-schema-\(schema).jsonl")) }

  private static func fixture(_ name: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
  }

  var lines: [String] {
    get throws { try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init) }
  }

  /// The lines of the file; `REPARTEE_WRITE_GOLDEN=1` makes it anew, for a new schema.
  func kept(_ lines: [String]) throws -> [String] {
    if ProcessInfo.processInfo.environment["REPARTEE_WRITE_GOLDEN"] == "1" {
      try (lines.joined(separator: "\n") + "\n").write(to: file, atomically: true, encoding: .utf8)
    }
    return try self.lines
  }
}

private let token = Sensitive(token: SensitiveToken(label: .speech, id: "5eed"), value: "secret words")
private let flow: FlowID = "order_status"

/// One of each kind of journal record, and of each kind of value in one.
let goldenSamples: [JournalRecord] =
  firstSamples + goldenTimers.map { .event(.timerFired($0)) } + goldenGrammars.map(listening) + [
    .event(.attached(Attachment(call: "call2", leg: "leg2", channel: .chat, calledAddress: "*", utcOffsetSeconds: 0))),
    .event(
      .attached(
        Attachment(
          call: "call3", leg: "leg3", channel: .voice, calledAddress: "100", callerAddress: token,
          utcOffsetSeconds: -3600, holder: CallHolder(node: "node-2", lease: "run-3")))),
    .event(
      .transcript(
        Heard(
          text: token, confidence: .none, wordCount: 0, kind: .empty, ending: .incomplete, segment: 3))),
    .event(
      .transcript(
        Heard(
          text: token, confidence: .none, wordCount: 0, kind: .empty, ending: .incomplete, segment: 3, since: 2))),
    .event(
      .finished(
        .understanding(TurnNumber(2)),
        .understood(goldenCommands.map { ProposedCommand($0, confidence: .certain, proposer: "x") }))),
    .effect(.suspend(until: .milliseconds(90_000))),
    .effect(.listen(ListenPlan(hints: ["parcel"], confirms: true))),
    .effect(
      .listen(
        ListenPlan(
          digits: DigitGrammar(minimum: 1, maximum: 1, endKey: nil, menu: ["1": .text("yes"), "2": .bool(false)])))),
    .effect(
      .work(
        .invoke(
          ToolInvocation(
            effect: EffectID(3), tool: "move", activation: FlowActivation(2), arguments: ["sum": .number(12.5)],
            changesState: false, deadline: .seconds(1), idempotency: [.text("a"), .sensitive(token)])))),
    .effect(.fact(Fact(token: token.token, question: "length", answer: .number(8)))),
    .effect(
      .speak(
        Utterance(
          id: UtteranceID(2), turn: TurnNumber(0),
          sentences: [Sentence(pieces: [.words("Hello."), .value(token, nil)], response: nil)], interruption: .free,
          purpose: .acknowledgement))),
    .remark(.settled(EffectID(1), .completed(["date": .text("2030-05-20")]))),
    .started(
      CallStart(
        tenant: "acme", conversation: "c1", call: "call1", leg: "leg1", person: "p1", channel: .chat,
        calledAddress: "*", clock: WallClock(epochMilliseconds: 1_700_000_000_000, utcOffsetSeconds: 0),
        seed: UInt64.max, holder: CallHolder(node: "node-1", lease: "3f9")),
      AssistantVersion(name: "shop", contentHash: "00ff")),
    .event(.identified("0123456789abcdef")),
    .remark(.legIdentity("leg4", token)),
    .remark(.handOver(EffectID(5), .busy, NetworkStatus(486, "Busy Here"))),
    .event(
      .attached(
        Attachment(
          call: "call4", leg: "leg4", channel: .chat, calledAddress: "*", utcOffsetSeconds: 3600,
          epochMilliseconds: 1_700_000_000_000))),
    .remark(.expired), .remark(.repeated(EffectID(3))),
  ]

private let goldenTimers: [TimerID] = [
  .endOfTurn(TurnNumber(1)), .longestTurn(TurnNumber(1)), .bargeIn(UtteranceID(2)), .resume(UtteranceID(2)),
  .silence(1), .digits(4), .work(.understanding(TurnNumber(1))), .meanwhile(.tool(EffectID(1)), 2),
  .work(.tool(EffectID(1))), .work(.transfer(EffectID(2))), .hangUp, .longestCall, .suspension, .hold(1),
  .playback(UtteranceID(2)),
]

private let goldenCommands: [Command] = [
  .startFlow(flow), .setSlot("order", nil), .cancelFlow, .clarify([flow, "cancel_order"]), .skipQuestion, .repeatLast,
  .humanHandoff, .hold, .chitchat, .search, .restart, .goodbye, .answer(true), .cannotHandle(.engineFailed),
  .holdPart("order", .text("1047"), count: 4), .aside(.about),
]

private let goldenGrammars: [SlotGrammar] = [
  .digits(minimum: 4, maximum: 8), .number(minimum: nil, maximum: 12.5), .money(currency: "EUR"), .date, .time, .yesNo,
  .choice([SlotChoice(value: "red", synonyms: ["crimson"])]), .name, .address, .email,
  .spelling(minimum: 2, maximum: 3), .freeText,
]

private func listening(_ grammar: SlotGrammar) -> JournalRecord {
  .effect(.listen(ListenPlan(grammar: grammar, numbers: [grammar])))
}

/// What ledgers hold.
let goldenIntents: [EffectIntent] = [
  EffectIntent(key: "k1", call: "call1", effect: EffectID(1), tool: "move", arguments: [:]),
  EffectIntent(
    key: "k2", call: "call1", effect: EffectID(2), tool: "move", arguments: ["order": .sensitive(token)],
    origin: EffectOrigin(
      assistant: AssistantVersion(name: "shop", contentHash: "00ff"), node: "n", backEnd: "http://h:80",
      owner: .person("acme", "p1"))),
  EffectIntent(
    key: "k3", call: "call1", effect: EffectID(3), tool: "move", arguments: [:],
    origin: EffectOrigin(
      assistant: AssistantVersion(name: "shop", contentHash: "00ff"), node: "n", backEnd: "http://h:80",
      owner: .call("acme", "call1"))),
]

/// How changes go.
let goldenOutcomes: [ToolOutcome] = [
  .completed(["status": .text("shipped")]), .refused("order_not_found"), .failed(.unreachable), .unknown,
]
