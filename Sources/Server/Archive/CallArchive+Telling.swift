internal import Core
internal import Governance
internal import Insight
internal import Storage

extension CallArchive {
  /// A call as it is told, and whether its journal is as it was written.
  public struct Told: Sendable {
    /// What can be told, line by line.
    public let lines: [String]
    /// What is to be thought of it.
    public let soundness: CallSoundness
  }

  /// The lines of a call's journal as JSON, one each, as they are canonical: callers' values as tokens, or in clear in their
  /// tokens' place. Lines that cannot be read are left out, and told with the soundness.
  public func lines(of id: String, reveal: Bool) async throws -> Told {
    let reader = try open(reveal: reveal)
    let (call, reading) = try await read(id, reader)
    let values = reveal ? try await Revealing(reader, configuration.policy).values(of: reading.entries) : [:]
    return Told(
      lines: try reading.entries.map { try JournalText.json($0, values) }, soundness: CallSoundness(call, reading))
  }

  /// A call's story, as it may stand on a terminal: what was said, and every decision with its place in the flows. Where a line
  /// cannot be read the story says so and goes on.
  public func story(of id: String, reveal: Bool) async throws -> Told {
    let reader = try open(reveal: reveal)
    let (call, reading) = try await read(id, reader)
    var fold = TranscriptFold(for: .screen, by: configuration.policy)
    var waits = LatencyFold()
    var lines: [String] = []
    func tell(_ said: [TranscriptLine]) {
      for line in said {
        let at = CallInstant.zero + .milliseconds(Int((line.at * 1000).rounded()))
        if let speaker = line.speaker, let text = line.text { lines.append("\(at)  \(speaker): \(text)") }
        if let event = line.event { lines.append("\(at)  \(event) \(line.outcome ?? "")") }
      }
    }
    var gaps = reading.unreadable[...]
    for entry in try await Revealing(reader, configuration.policy).entries(reading.entries) {
      while let gap = gaps.first, gap.line < entry.sequence {
        lines.append(CallSoundness.words(gap))
        gaps.removeFirst()
      }
      if case .effect(.note(let decision)) = entry.record {
        let place = decision.step.map { " (\($0.source))" } ?? ""
        lines.append("\(entry.instant)    \(decision.kind.rawValue) \(decision.subject): \(decision.reason)\(place)")
      }
      if case .remark(.handOver(let effect, let outcome, let status)) = entry.record {
        lines.append("\(entry.instant)    hand_over effect \(effect): \(outcome.rawValue), the network said \(status)")
      }
      tell(fold.take(entry))
      if let wait = waits.take(entry) { lines.append("\(entry.instant)    \(Self.words(wait))") }
    }
    tell(fold.rest())
    lines += gaps.map(CallSoundness.words)
    return Told(lines: lines.map { TerminalText.line($0) }, soundness: CallSoundness(call, reading))
  }

  /// What was erased with a call.
  public struct Erased: Sendable {
    /// The call.
    public let call: String
    /// Calls of the same owner that go on.
    public let underWay: [String]
    /// Whether it was erased before, and nothing was said since.
    public let wasErased: Bool
    /// Whether its journal is not as it was written: whose its values were may have been, too.
    public let isAltered: Bool
    /// For people.
    public var text: String {
      let doubt =
        "its journal was altered, and it is not sure that this reached all of it: repartee calls \(call) says how"
      return
        ([call + (wasErased ? ": nothing left to erase" : ": erased")] + (isAltered ? [doubt] : [])
        + underWay.map(ErasureText.goesOn)).joined(
          separator: "\n")
    }
  }

  /// Deletes the key of what was said in a call, and the values under it. The journal keeps its lines, and replays.
  ///
  /// A call of a person who is known, or was identified in it, stands for all their calls: all of them are erased.
  public func erase(_ id: String) async throws -> Erased {
    let reader = try open(reveal: false)
    let (call, reading) = try await read(id, reader)
    guard case .started(let start, _)? = reading.entries.first?.record else {
      throw ServerError(.unknownCall, "the journal of \(id) does not say whose values it holds")
    }
    let person = reading.entries.lazy.compactMap { entry -> PersonID? in
      if case .event(.identified(let person)) = entry.record { person } else { nil }
    }.first
    var calls = [call]
    if let person = start.person ?? person {
      calls = try await reader.reach(of: person, tenant: start.tenant).calls
    }
    let values = try await reader.valueCount(of: start.owner)
    let wasErased = try await reader.erasure(of: start.owner) != nil
    let store = try StorageFloor.open(configuration, for: .command).store
    do {
      try await store.vault.erase(start.owner)
    } catch {
      try? await store.close()
      throw error
    }
    try await store.close()
    return Erased(
      call: call.rawValue, underWay: try await reader.underWay(calls).map(\.rawValue),
      wasErased: wasErased && values == 0,
      isAltered: reading.isAltered)
  }
}

/// What is said of an erasure beside what it reached.
enum ErasureText {
  static func goesOn(_ call: String) -> String {
    "\(call) is under way: its process knows what was said in it until it ends, and what is said from now on is kept under a new key; "
      + "erase again when it is over"
  }
}

extension SQLiteStoreReader {
  /// Those of some calls that a process has in its hands and that have no end yet; one whose standing cannot be read counts.
  func underWay(_ calls: [CallID]) async throws -> [CallID] {
    var found: [CallID] = []
    for call in calls where try await ledger.isUnderWay(call) {
      let landmarks = try? await journal.landmarks(of: call)
      let kind = landmarks.map { CallStanding($0, isUnderWay: true, at: 0).kind }
      if kind == nil || kind == .underWay { found.append(call) }
    }
    return found
  }
}
