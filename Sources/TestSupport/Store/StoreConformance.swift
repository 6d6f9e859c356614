public import Core

/// What any store has to keep: one clause for each promise of the roles. A store that breaks one throws a `Violation`.
///
///     @Test(arguments: StoreConformance.clauses) func `keeps`(clause: StoreClause) async throws {
///       try await clause.check(bench())
///     }
public enum StoreConformance {
  /// All clauses.
  public static let clauses = journalClauses + vaultClauses + personClauses + ledgerClauses + storeClauses
}

/// A place for stores, empty at first.
public protocol StoreBench: Sendable {
  /// What is tried.
  associatedtype Subject: Store
  /// Another store on this place, as another process opens it: it finds what is durable, and nothing more. Those that were
  /// opened before go on. What is given to it becomes durable when somebody waits for that, not by itself.
  func open() async throws -> Subject
}

/// One promise of a store.
public struct StoreClause: Sendable, CustomStringConvertible {
  /// What is promised.
  public let description: String
  /// Throws a `Violation` when it is not kept; `bench` is used by this clause alone.
  public let check: @Sendable (_ bench: any StoreBench) async throws -> Void

  init(_ description: String, _ check: @escaping @Sendable (any StoreBench) async throws -> Void) {
    self.description = description
    self.check = check
  }
}

/// What a store did otherwise than promised.
public struct Violation: Error, CustomStringConvertible {
  /// What it did.
  public let description: String
}

/// Throws when something does not hold.
func demand(_ holds: Bool, _ otherwise: String) throws {
  if !holds { throw Violation(description: otherwise) }
}

/// Throws when something is done that had to be refused.
func demandRefusal(_ otherwise: String, _ work: () async throws -> Void) async throws {
  do {
    try await work()
  } catch {
    return
  }
  throw Violation(description: otherwise)
}

/// The lines of a made-up call.
struct StoreTalk {
  let call: CallID
  var person: PersonID?
  var startedAt: Int64 = 1_900_000_000_000
  let version = AssistantVersion(name: "shop", contentHash: "ab")
  var owner: DataOwner { person.map { .person("shop", $0) } ?? .call("shop", call) }

  init(_ call: CallID = "call-1") { self.call = call }

  func line(_ sequence: Int, _ record: JournalRecord) -> JournalEntry {
    JournalEntry(
      conversation: "talk-1", call: call, sequence: sequence, instant: .milliseconds(sequence * 20), record: record)
  }

  var start: JournalEntry {
    line(
      0,
      .started(
        CallStart(
          tenant: "shop", conversation: "talk-1", call: call, leg: "leg-1", person: person, channel: .voice,
          calledAddress: "100", clock: WallClock(epochMilliseconds: startedAt, utcOffsetSeconds: 3600), seed: 7),
        version))
  }

  /// A start and so many lines, no two alike.
  func beginning(_ lines: Int = 3) -> [JournalEntry] {
    [start] + (1...lines).map { line($0, .event(.timerFired(.silence($0)))) }
  }

  /// The same with its end.
  func whole(_ lines: Int = 3) -> [JournalEntry] {
    beginning(lines) + [line(lines + 1, .event(.hungUp(by: .caller)))]
  }

  /// A line with a caller's words.
  func said(_ text: Sensitive<String>, _ sequence: Int) -> JournalEntry {
    line(
      sequence,
      .event(
        .message(Heard(text: text, confidence: .certain, wordCount: 2, kind: .content, ending: .complete))))
  }

  /// A line that says who calls.
  func identified(_ person: PersonID, _ sequence: Int) -> JournalEntry { line(sequence, .event(.identified(person))) }

  /// What it asks for.
  var change: ToolInvocation {
    ToolInvocation(
      effect: EffectID(3), tool: "move", activation: FlowActivation(1), arguments: [:], changesState: true,
      deadline: .seconds(1))
  }

  func intent(_ key: String, effect: Int = 3) -> EffectIntent {
    EffectIntent(
      key: key, call: call, effect: EffectID(effect), tool: "move", arguments: ["date": .text("2030-05-20")],
      origin: EffectOrigin(assistant: version, node: "n", backEnd: "http://h:80", owner: owner))
  }
}
