import Core
import Foundation
import Testing

/// What the golden file of schema 1 stands for.
let firstSamples: [JournalRecord] = {
  let token = Sensitive(token: SensitiveToken(label: .speech, id: "5eed"), value: "secret words")
  let heard = Heard(text: token, confidence: Confidence(permille: 873), wordCount: 2, kind: .content, ending: .open)
  let start = CallStart(
    tenant: "acme", conversation: "c1", call: "call1", leg: "leg1", channel: .voice,
    calledAddress: "sip:shop@127.0.0.1",
    callerAddress: token, clock: WallClock(epochMilliseconds: 1_700_000_000_000, utcOffsetSeconds: 3600), seed: 7)
  let source = SourceLocation(file: "flows/order.yml", line: 3, column: 5)
  let events: [CallEvent] = [
    .connected, .held(true), .hungUp(by: .caller), .speechStarted(at: .milliseconds(1500)),
    .speechEnded(at: .milliseconds(2500)), .partial(heard), .transcript(heard), .message(heard), .digit(token),
    .playback(Playback(utterance: UtteranceID(2), state: .stopped, playedPermille: [1000, 240])),
    .finished(
      .understanding(TurnNumber(1)),
      .understood([
        ProposedCommand(.startFlow("order_status"), confidence: Confidence(permille: 910), proposer: "minilm"),
        ProposedCommand(.setSlot("order", .sensitive(token)), confidence: .certain, proposer: "grammar:digits"),
        ProposedCommand(.setSlot("count", .number(2)), confidence: .certain, proposer: "keys", source: .keys),
        ProposedCommand(.setSlot("note", nil), confidence: .certain, proposer: "x"),
        ProposedCommand(.cannotHandle(.outOfScope), confidence: .none, proposer: "gate", runnerUp: "greet"),
      ])),
    .finished(.tool(EffectID(1)), .tool(.completed(["status": .text("shipped"), "late": .bool(false)]))),
    .finished(.tool(EffectID(1)), .tool(.refused("order_not_found"))),
    .finished(.tool(EffectID(1)), .tool(.failed(.timedOut))),
    .finished(.tool(EffectID(1)), .tool(.unknown)), .finished(.transfer(EffectID(2)), .transfer(.declined)),
    .timerFired(.endOfTurn(TurnNumber(1))), .timerFired(.longestCall), .engine(.recognizer, isWorking: false),
  ]
  let effects: [CallEffect] = [
    .listen(ListenPlan(grammar: .digits(minimum: 8, maximum: 8), digits: DigitGrammar(minimum: 8, maximum: 8))),
    .work(
      .understand(
        UnderstandingRequest(
          turn: TurnNumber(1), heard: [heard], awaiting: "order", activeFlow: "order_status", fillable: ["order"],
          filled: ["city": .text("Rome")], startable: ["order_status"], today: CivilDate(daysSinceEpoch: 20_000),
          minuteOfDay: 600))),
    .speak(
      Utterance(
        id: UtteranceID(1), turn: TurnNumber(1),
        sentences: [
          Sentence(
            pieces: [.words("Your order "), .value(token, .digits(minimum: 8, maximum: 8))], response: "utter_status")
        ], interruption: .mustBeHeard)),
    .pause(UtteranceID(1)), .resume(UtteranceID(1)), .stop(UtteranceID(1)),
    .work(
      .invoke(
        ToolInvocation(
          effect: EffectID(1), tool: "get_order", activation: FlowActivation(1),
          arguments: ["order": .sensitive(token)],
          changesState: true, deadline: .seconds(2)))),
    .setTimer(.bargeIn(UtteranceID(1)), at: .milliseconds(900)), .cancelTimer(.hangUp),
    .work(.transfer(TransferRequest(effect: EffectID(2), destination: "support", ringTimeout: .seconds(20)))),
    .hangUp(.completed),
    .note(
      Decision(
        turn: TurnNumber(1), kind: .branchTaken, subject: "ask_order",
        step: StepReference(flow: "order_status", step: "ask_order", source: source), reason: "slots.order is set")),
    .fact(Fact(token: token.token, question: "is key #", answer: .truth(false))),
  ]
  return [.started(start, AssistantVersion(name: "shop", contentHash: "00ff"))] + events.map(JournalRecord.event)
    + effects.map(JournalRecord.effect)
    + [
      .remark(
        .latency(
          TurnLatency(
            turn: TurnNumber(1), recognition: .milliseconds(90), endOfTurn: .milliseconds(500), understanding: nil,
            synthesis: nil, firstAudio: .milliseconds(700)))),
      .remark(.lineIdentity(token)), .remark(.media(MediaReport())), .remark(.abandoned),
    ]
}()

@Suite struct `The canonical encoding` {
  @Test func `of a report reads what was written before its later counts, and writes it as it was`() throws {
    let before =
      #"{"delay":0,"framesConcealed":1,"framesReceived":2,"framesSkipped":3,"framesStretched":4,"overflow":0,"#
      + #""packetsDuplicate":5,"packetsLate":6,"packetsReceived":7,"packetsRefused":8,"packetsSent":9,"restarts":10,"#
      + #""targetDelay":40000}"#
    var report = try CanonicalJSON.decode(MediaReport.self, from: Data(before.utf8))
    #expect(report.packetsSent == 9 && report.keysRefused == 0 && report.targetDelay == .milliseconds(40))
    #expect(String(decoding: try CanonicalJSON.encode(report), as: UTF8.self) == before)
    report.framesUnsent = 1
    report.keysRefused = 2
    report.keysRepeated = 3
    #expect(try CanonicalJSON.decode(MediaReport.self, from: CanonicalJSON.encode(report)) == report)
  }

  @Test func `of every kind of record is the golden one, byte by byte`() throws {
    let lines = try goldenSamples.map { String(decoding: try CanonicalJSON.encode($0), as: UTF8.self) }
    #expect(lines == (try Golden.journal(2).kept(lines)))
  }

  @Test func `of intents and outcomes is the golden one, byte by byte`() throws {
    let lines =
      try goldenIntents.map { String(decoding: try CanonicalJSON.encode($0), as: UTF8.self) }
      + goldenOutcomes.map { String(decoding: try CanonicalJSON.encode($0), as: UTF8.self) }
    #expect(lines == (try Golden.ledger(2).kept(lines)))
  }

  @Test func `comes back as the same value`() throws {
    for sample in goldenSamples {
      #expect(try CanonicalJSON.decode(JournalRecord.self, from: try CanonicalJSON.encode(sample)) == sample)
    }
  }

  @Test func `holds no caller's words`() throws {
    for sample in goldenSamples {
      #expect(!String(decoding: try CanonicalJSON.encode(sample), as: UTF8.self).contains("secret"))
    }
  }
}
