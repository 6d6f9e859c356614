import Core
import Foundation
import Testing

@testable import Storage

/// The encoding of stored rows does not move: old journals are read, new ones are written to the byte.
@Suite struct GoldenTests {
  private static var entries: [JournalEntry] {
    let call = SampleCall()
    let token = SensitiveToken(label: .identifier, id: "00112233445566778899aabbccddeeff")
    let value = Sensitive<String>(token: token, value: nil)
    let heard = Heard(
      text: value, confidence: Confidence(permille: 873), wordCount: 8, kind: .content, ending: .complete)
    let invocation = ToolInvocation(
      effect: EffectID(1), tool: "move_delivery", activation: FlowActivation(2),
      arguments: ["number": .sensitive(value), "date": .text("2030-05-20")], changesState: true, deadline: .seconds(3))
    let records: [JournalRecord] = [
      call.started, .event(.connected), .event(.transcript(heard)), .event(.digit(value)),
      .effect(.setTimer(.silence(1), at: .milliseconds(6000))), .effect(.work(.invoke(invocation))),
      .event(
        .finished(.tool(EffectID(1)), .tool(.completed(["status": .text("shipped"), "price": .number(12.5)])))),
      .effect(.fact(Fact(token: token, question: "equals 8", answer: .truth(true)))),
      .remark(.lineIdentity(value)), .event(.hungUp(by: .caller)),
    ]
    return records.enumerated().map { call.line($0.offset, $0.element) }
  }

  private struct Line: Codable {
    let kind: String
    let instant: CallInstant
    let payload: String
    let digest: String
  }

  private static func url(_ schema: Int) throws -> URL {
    try #require(
      Bundle.module.url(forResource: "journal-schema-\(schema)", withExtension: "jsonl", subdirectory: "Fixtures"))
  }

  private static func lines(_ schema: Int) throws -> [Line] {
    try String(contentsOf: url(schema), encoding: .utf8).split(separator: "\n")
      .map { try CanonicalJSON.decode(Line.self, from: Data($0.utf8)) }
  }

  @Test func `rows are written as the golden file has them, digests included`() throws {
    guard case .started(_, let version) = Self.entries[0].record else { return }
    var previous = JournalRow.genesis
    var lines: [String] = []
    for entry in Self.entries {
      let row = try JournalRow(entry, assistant: version)
      previous = row.digest(after: previous)
      let line = Line(
        kind: row.kind, instant: row.instant, payload: String(decoding: row.payload, as: UTF8.self),
        digest: Hexadecimal.text(previous))
      lines.append(String(decoding: try CanonicalJSON.encode(line), as: UTF8.self))
    }
    let text = lines.joined(separator: "\n") + "\n"
    if let path = ProcessInfo.processInfo.environment["REPARTEE_WRITE_GOLDEN"] {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: Self.url(CanonicalJSON.schema), encoding: .utf8) == text)
  }

  @Test(arguments: 1...CanonicalJSON.schema)
  func `the golden file of every schema is read as the values it stands for, under the digests it has`(
    schema: Int
  ) throws {
    guard case .started(_, let version) = Self.entries[0].record else { return }
    let lines = try Self.lines(schema)
    let records = try lines.map {
      try JournalSchema.read(Data($0.payload.utf8), as: JournalRecord.self, schema: schema)
    }
    #expect(records == Self.entries.map(\.record))
    #expect(lines.map(\.kind) == Self.entries.map(\.record.kind))
    var previous = JournalRow.genesis
    for (line, entry) in zip(lines, Self.entries) {
      let row = JournalRow(
        call: entry.call, sequence: entry.sequence, conversation: entry.conversation, instant: line.instant,
        kind: line.kind, schema: schema, assistant: version, payload: Data(line.payload.utf8))
      previous = row.digest(after: previous)
      #expect(Hexadecimal.text(previous) == line.digest)
    }
  }

  @Test func `an unknown schema is refused, not guessed`() {
    #expect(
      #expect(throws: StorageError.self) {
        try JournalSchema.read(Data("{}".utf8), as: JournalRecord.self, schema: 99)
      }?.code
        == "storage.newer_schema")
  }
}
