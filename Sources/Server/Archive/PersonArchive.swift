internal import Core
public import Foundation
internal import Governance
public import Insight
internal import Storage

/// All that is kept of one person, over their calls: for those who ask what there is of them, or want it gone.
///
/// A person is named by the value by which a tool knows them (`identifies`), as the tool gives it; the journal knows their pseudonym only.
public struct PersonArchive: Sendable {
  private let configuration: ServerConfiguration

  /// The archive of a server's data.
  public init(_ configuration: ServerConfiguration) { self.configuration = configuration }

  /// How much there is of a person.
  public struct Reached: Sendable, Equatable {
    /// How many calls.
    public let calls: Int
    /// How many values could be revealed in them.
    public let values: Int
    /// Those of the calls that go on.
    public let underWay: [String]
    /// For people.
    public var text: String {
      let reach = "\(calls) \(calls == 1 ? "call" : "calls"), \(values) \(values == 1 ? "value" : "values")"
      let end = values == 0 ? "nothing left to erase" : "erased"
      return (["\(reach) of this person: \(end)"] + underWay.map(ErasureText.goesOn)).joined(separator: "\n")
    }
  }

  /// What was said in one of a person's calls, and their data that tools were given or gave.
  public struct Exported: Sendable, Encodable {
    /// The call.
    public let call: String
    /// When it began.
    public let startedAt: Date
    /// The assistant.
    public let assistant: String
    /// What was said.
    public let transcript: [TranscriptLine]
    /// The person's data, each value once; of what was erased or may not leave in a file there is the label alone.
    public let values: [Value]

    /// A value in clear.
    public struct Value: Sendable, Encodable, Hashable {
      /// What kind of data it is.
      public let label: String
      /// The value; nil when it was erased or may not leave in a file, as a secret.
      public let value: String?
    }
  }

  /// Deletes the keys of a person: nothing that was said in any of their calls, and nothing that tools said of them, can be revealed any
  /// more. Final. The journals keep their lines, and replay.
  ///
  /// - Returns: how much it was.
  public func erase(_ value: String) async throws -> Reached {
    let reader = try StorageFloor.reader(configuration, reveal: true)
    let (person, reach) = try await find(value, in: reader)
    let store = try StorageFloor.open(configuration, for: .command).store
    do {
      try await store.vault.erase(.person(configuration.tenant, person))
    } catch {
      try? await store.close()
      throw error
    }
    try await store.close()
    return Reached(
      calls: reach.calls.count, values: reach.values,
      underWay: try await reader.underWay(reach.calls).map(\.rawValue))
  }

  /// The calls of a person, oldest first, with what was said in clear as far as files may hold it (`privacy.file`).
  public func export(_ value: String) async throws -> [Exported] {
    let reader = try StorageFloor.reader(configuration, reveal: true)
    let (_, reach) = try await find(value, in: reader)
    var exported: [Exported] = []
    for call in reach.calls {
      let reading = try await reader.journal.read(call)
      guard case .started(let start, let version)? = reading.entries.first?.record else { continue }
      let values = try await Revealing(reader, configuration.policy, for: .file).values(of: reading.entries)
      let entries = try CanonicalJSON.revealing(reading.entries, values)
      var fold = TranscriptFold(for: .file, by: configuration.policy)
      exported.append(
        Exported(
          call: call.rawValue, startedAt: Date(timeIntervalSince1970: Double(start.clock.epochMilliseconds) / 1000),
          assistant: version.name, transcript: entries.flatMap { fold.take($0) } + fold.rest(),
          values: try Self.values(in: reading.entries, values)))
    }
    return exported
  }

  /// Single keys are not told: what they make together is.
  private static func values(
    in entries: [JournalEntry], _ known: [SensitiveToken: String]
  ) throws -> [Exported.Value] {
    let telling = entries.filter { if case .event(.digit) = $0.record { false } else { true } }
    let values = try CanonicalJSON.tokens(in: telling).filter { $0.label != .speech }.map {
      Exported.Value(label: $0.label.rawValue, value: known[$0])
    }
    return Set(values).sorted { ($0.label, $0.value ?? "") < ($1.label, $1.value ?? "") }
  }

  /// The one value in what was written to standard input. Throws when there are more: who names several meant all of them, or none.
  public static func value(in text: String) throws -> String {
    let values = text.split(whereSeparator: \.isNewline).filter { $0.contains { !$0.isWhitespace } }
    guard values.count < 2 else {
      throw ServerError(
        .unknownPerson, "\(values.count) lines name \(values.count) persons, and nothing was done",
        hint: "one person at a time: write one line to standard input")
    }
    return values.first.map(String.init) ?? ""
  }

  private func find(_ value: String, in reader: SQLiteStoreReader) async throws -> (PersonID, PersonReach) {
    let value = ToolDefinition.identifying(value)
    guard !value.isEmpty, let person = reader.person(value, of: configuration.tenant) else {
      throw ServerError(
        .unknownPerson, "nobody is named",
        hint: "write what identifies the person to standard input, such as their customer number")
    }
    let reach = try await reader.reach(of: person, tenant: configuration.tenant)
    guard !reach.calls.isEmpty || reach.values > 0 else {
      throw ServerError(
        .unknownPerson, "there is nothing of a person of that name",
        hint: "write it as the tool that identifies gives it; tenant and vault key must be those of the calls")
    }
    return (person, reach)
  }
}
