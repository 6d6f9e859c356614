import Conversation
import Core
import Rehearsal
import ShopSupport
import TestSupport
import Testing

@Suite struct `A journal that is replayed` {
  private func replay(_ entries: [JournalEntry], erased: Int = 0, broken: Int? = nil) throws -> Replay.Verdict {
    Replay(assistant: try Shop.assistant.get()).run(
      JournalReading(entries: entries, firstBroken: broken, erased: erased))
  }

  /// A change of address with a correction, keys, a barge-in and a transfer that is declined.
  private func longCall() throws -> ShopCall {
    var call = try Shop.call()
    call.transfers = { _ in (.declined, 2_000) }
    call.connect()
    call.settle()
    call.press("2")
    call.settle()
    call.press(ShopTable.processing)
    call.settle()
    let address = Command.setSlot("new_address", .sensitive(call.sensitive("5 New Street, Bristol", .address)))
    call.say("five new street", meaning: [address])
    call.wait(900)
    call.settle()
    call.say("yes", .content, .complete, meaning: [.answer(true)])
    call.settle()
    call.say("a person", meaning: [.humanHandoff])
    call.wait(800)
    call.settle()
    call.say("no", .content, .complete, meaning: [.answer(false)])
    call.wait(1_000)
    call.give(.hungUp(by: .caller))
    return call
  }

  @Test func `is identical, with every value of the caller gone`() throws {
    let entries = try longCall().read()
    #expect(entries.count > 150)
    let values = entries.flatMap { entry in (try? CanonicalJSON.tokens(in: entry)) ?? [] }
    #expect(!values.isEmpty)
    #expect(try replay(entries) == .identical(erased: 0))
    #expect(try replay(entries, erased: 9) == .identical(erased: 9))
  }

  @Test func `is identical whatever happened`() throws {
    var steps = 0
    for seed in UInt64(1)...40 {
      var caller = RandomCaller(seed: seed)
      var call = try Shop.call(seed: seed)
      call.connect()
      call.wait(3_500)
      for _ in 0..<100 where !call.isOver { caller.act(in: &call) }
      let entries = try call.read(seed: seed)
      steps += entries.count
      #expect(try replay(entries) == .identical(erased: 0), "seed \(seed)")
    }
    #expect(steps > 20_000)
  }

  @Test func `is identical though the shell remarked upon it`() throws {
    var entries = try longCall().read()
    let latency = TurnLatency(
      turn: TurnNumber(1), recognition: nil, endOfTurn: nil, understanding: nil, synthesis: nil, firstAudio: .zero)
    let events = entries.indices.filter { if case .event = entries[$0].record { true } else { false } }
    for index in events.reversed() {
      let at = entries[index]
      entries.insert(
        JournalEntry(
          conversation: at.conversation, call: at.call, sequence: at.sequence, instant: at.instant,
          record: .remark(.latency(latency))), at: index)
    }
    #expect(try replay(entries) == .identical(erased: 0))
  }

  @Test func `shows where a flow took another branch`() throws {
    let original = try Shop.definition.get()
    let entries = try longCall().read()
    let flipped = try flip(original, version: original.version)
    let verdict = Replay(assistant: PreparedAssistant(flipped)).run(
      JournalReading(entries: entries, firstBroken: nil, erased: 0))
    guard case .different(let difference) = verdict else {
      Issue.record("\(verdict)")
      return
    }
    guard case .note(let decision)? = difference.replayed else {
      Issue.record("\(difference)")
      return
    }
    #expect(
      decision.kind == .branchTaken && decision.step?.flow == "change_address" && decision.step?.step == "confirm")
    #expect(decision.step?.source.file.hasSuffix("change_address.yml") == true)
    #expect(entries[difference.line].record == .event(difference.event))
    #expect(difference.journaled != difference.replayed)
  }

  @Test func `of another version says so, with the first difference or none`() throws {
    let original = try Shop.definition.get()
    let entries = try longCall().read()
    let reading = JournalReading(entries: entries, firstBroken: nil, erased: 0)
    let other = AssistantVersion(name: "shop", contentHash: "other")
    let flipped = Replay(assistant: PreparedAssistant(try flip(original, version: other))).run(reading)
    guard case .otherVersion(original.version, .some) = flipped else {
      Issue.record("\(flipped)")
      return
    }
    let same = Replay(assistant: PreparedAssistant(copy(original, flows: original.flows, version: other))).run(reading)
    #expect(same == .otherVersion(original.version, nil))
  }

  @Test func `that was altered is not replayed`() throws {
    #expect(try replay(longCall().read(), broken: 17) == .altered(line: 17))
  }

  @Test func `with a line changed is different there`() throws {
    var entries = try longCall().read()
    let index = try #require(
      entries.lastIndex { if case .effect(.speak) = $0.record { true } else { false } })
    let old = entries[index]
    entries[index] = JournalEntry(
      conversation: old.conversation, call: old.call, sequence: old.sequence, instant: old.instant,
      record: .effect(.hangUp(.completed)))
    guard case .different(let difference) = try replay(entries) else {
      Issue.record("not different")
      return
    }
    #expect(difference.journaled == .hangUp(.completed))
  }

  @Test func `that ends in the middle of a step is incomplete`() throws {
    let entries = try longCall().read()
    let event = try #require(
      entries.lastIndex { if case .event(.finished(_, .understood)) = $0.record { true } else { false } })
    #expect(try replay(Array(entries.prefix(event + 3))) == .incomplete(line: event))
    #expect(try replay(Array(entries.prefix(event))) == .identical(erased: 0))
  }

  @Test func `without a beginning is incomplete`() throws {
    #expect(try replay([]) == .incomplete(line: 0))
    #expect(try replay(Array(longCall().read().dropFirst())) == .incomplete(line: 0))
  }

  private func inserting(_ kind: String, at index: Int, in entries: [JournalEntry]) -> [JournalEntry] {
    var entries = entries
    let next = entries[index]
    entries.insert(
      JournalEntry(
        conversation: next.conversation, call: next.call, sequence: 9_000, instant: next.instant,
        record: .unknown(kind)), at: index)
    return entries
  }

  @Test func `with a line of an unknown kind is compared up to there, wherever in a step it stands`() throws {
    let entries = try longCall().read()
    for kind in ["event.dreamt", "effect.sing", "sealed"] {
      for index in [1, 2, 30, 31, 32, 33, 34, entries.count - 1] {
        let verdict = try replay(inserting(kind, at: index, in: entries))
        #expect(verdict == .unknownKind(line: 9_000, kind: kind), "\(kind) at \(index)")
      }
    }
    let original = try Shop.definition.get()
    let other = copy(original, flows: original.flows, version: AssistantVersion(name: "shop", contentHash: "other"))
    let reading = JournalReading(
      entries: inserting("event.dreamt", at: 40, in: entries), firstBroken: nil, erased: 0)
    #expect(
      Replay(assistant: PreparedAssistant(other)).run(reading) == .unknownKind(line: 9_000, kind: "event.dreamt"))
  }

  @Test func `with a difference before a line of an unknown kind is different`() throws {
    let original = try Shop.definition.get()
    let entries = try longCall().read()
    let flipped = try flip(original, version: original.version)
    let reading = JournalReading(
      entries: inserting("event.dreamt", at: entries.count - 1, in: entries), firstBroken: nil, erased: 0)
    guard case .different = Replay(assistant: PreparedAssistant(flipped)).run(reading) else {
      Issue.record("the difference comes first")
      return
    }
  }

  @Test func `is identical though a newer release remarked upon it`() throws {
    let entries = try longCall().read()
    let events = entries.indices.filter { if case .event = entries[$0].record { true } else { false } }
    var remarked = entries
    for index in events.reversed() { remarked = inserting("remark.weather", at: index, in: remarked) }
    #expect(try replay(remarked) == .identical(erased: 0))
  }

  // MARK: Other versions

  /// The shop with yes and no exchanged where the new address is confirmed.
  private func flip(_ original: AssistantDefinition, version: AssistantVersion) throws -> AssistantDefinition {
    var flows = original.flows
    let flow = try #require(flows["change_address"])
    let steps = flow.steps.map { step in
      guard step.id == "confirm" else { return step }
      let branches = zip(step.next, step.next.reversed()).map { FlowBranch(condition: $0.condition, target: $1.target) }
      return FlowStep(id: step.id, kind: step.kind, next: branches, source: step.source)
    }
    flows[flow.id] = Flow(
      id: flow.id, name: flow.name, summary: flow.summary, guardCondition: flow.guardCondition, steps: steps,
      persistedSlots: flow.persistedSlots, runsPatternCompleted: flow.runsPatternCompleted, examples: flow.examples,
      voice: flow.voice, source: flow.source)
    return copy(original, flows: flows, version: version)
  }

  private func copy(
    _ original: AssistantDefinition, flows: [FlowID: Flow], version: AssistantVersion
  ) -> AssistantDefinition {
    AssistantDefinition(
      version: version, locale: original.locale, persona: original.persona, flows: flows, slots: original.slots,
      responses: original.responses, tools: original.tools, destinations: original.destinations,
      voice: original.voice, profile: original.profile)
  }
}
