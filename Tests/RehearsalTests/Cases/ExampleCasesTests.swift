import Assistant
import Core
import Foundation
import Rehearsal
import Testing
import Understanding

/// The test cases of the examples, understood without the pack: rules and n-grams. `repartee test` plays them with it.
@Suite struct `The examples' own test cases` {
  private static let examples = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Examples").path

  @Test(arguments: ["shop"]) func `pass`(_ name: String) async throws {
    let folder = Self.examples + "/" + name
    let assistant = try AssistantLoader.load(folder: folder)
    let tests = try TestFolder.load(folder: folder)
    #expect(CaseNames.problems(in: tests.cases, of: assistant) == [])
    let run = TestRun(
      assistant: assistant,
      understander: try await EmbeddedUnderstander(assistant: assistant.definition, embedder: nil),
      understanderName: "n-grams", clock: WallClock(epochMilliseconds: 1_904_292_000_000, utcOffsetSeconds: 0))
    let report = await run.run(tests.cases)
    #expect(report.cases.count >= 10)
    for result in report.cases { #expect(result.status == .passed, "\(TextReport.text(of: result))") }
    #expect(report.actionsWithoutStub == [])
  }
}
