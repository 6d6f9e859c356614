import Core
import Insight
import Testing

@testable import Server

@Suite struct `Effects a person has to look at` {
  /// A change to `move`, as effect 1, told by ledger and journal.
  private func findings(
    _ ledger: ToolOutcome??, _ journal: ToolOutcome??, isUnderWay: Bool = false
  ) -> [String] {
    let call: CallID = "call-1"
    let effects = ledger.map { outcome in
      LedgeredEffect(
        intent: EffectIntent(key: "k", call: call, effect: EffectID(1), tool: "move", arguments: [:]), outcome: outcome,
        intendedAt: 1_900_000_000_000, isUnderWay: isUnderWay)
    }
    var fold = EffectFold()
    if let journal {
      let invocation = ToolInvocation(
        effect: EffectID(1), tool: "move", activation: FlowActivation(1), arguments: [:], changesState: true,
        deadline: .seconds(1))
      var records: [JournalRecord] = [.effect(.work(.invoke(invocation)))]
      if let journal { records.append(.event(.finished(.tool(EffectID(1)), .tool(journal)))) }
      for (sequence, record) in records.enumerated() {
        fold.take(
          JournalEntry(conversation: "talk", call: call, sequence: sequence, instant: .zero, record: record))
      }
    }
    return EffectArchive.findings(of: call, effects.map { [$0] } ?? [], fold.changes).map {
      "\($0.kind.rawValue) \($0.ledger) \($0.journal)"
    }
  }

  @Test func `are those of which nothing or nothing sure is known`() {
    #expect(findings(.some(nil), .some(nil)) == ["open open nothing"])
    #expect(findings(.some(nil), .some(.unknown)) == ["open open unknown"])
    #expect(findings(.unknown, .unknown) == ["unknown unknown unknown"])
    #expect(findings(.some(nil), .some(nil), isUnderWay: true) == ["under_way open nothing"])
  }

  @Test func `are those of which journal and ledger tell different things`() {
    #expect(findings(.completed([:]), .some(nil)) == ["differs completed nothing"])
    #expect(findings(.completed([:]), .some(.failed(.timedOut))) == ["differs completed failed"])
    #expect(findings(.refused("no"), .some(.completed([:]))) == ["differs refused completed"])
    #expect(findings(nil, .some(.completed([:]))) == ["differs nothing completed"])
  }

  @Test func `are none where both agree, or nothing was asked for`() {
    #expect(findings(.completed([:]), .some(.completed(["x": .bool(true)]))).isEmpty)
    #expect(findings(.refused("no"), .some(.refused("no"))).isEmpty)
    #expect(findings(nil, .some(.failed(.forbidden))).isEmpty)
    #expect(findings(nil, nil).isEmpty)
  }

  @Test func `what was learned later counts`() {
    var fold = EffectFold()
    let invocation = ToolInvocation(
      effect: EffectID(1), tool: "move", activation: FlowActivation(1), arguments: [:], changesState: true,
      deadline: .seconds(1))
    for (sequence, record) in [
      JournalRecord.effect(.work(.invoke(invocation))), .event(.finished(.tool(EffectID(1)), .tool(.unknown))),
      .event(.hungUp(by: .caller)), .remark(.settled(EffectID(1), .completed([:]))),
      .remark(.settled(EffectID(2), .completed([:]))),
    ].enumerated() {
      fold.take(JournalEntry(conversation: "talk", call: "c", sequence: sequence, instant: .zero, record: record))
    }
    #expect(fold.changes == [EffectID(1): .init(tool: "move", outcome: .completed([:]))])
  }
}
