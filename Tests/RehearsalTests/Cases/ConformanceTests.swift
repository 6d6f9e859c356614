import Assistant
import Core
import Foundation
import Rehearsal
import Testing

/// The public insurance assistant's own test cases, with the meaning of words from `Tests/Conformance`. That folder's README says
/// which of them count, and why.
@Suite struct `A public assistant that nobody here wrote` {
  private static let folder = ProcessInfo.processInfo.environment["CONFORMANCE_DIR"]
  private static let here = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Conformance").path

  @Test(
    .enabled(
      if: folder != nil, "SKIPPED: set CONFORMANCE_DIR to the folder of the public insurance assistant to run this"))
  func `does in its seven deterministic cases what its author asserts`() async throws {
    let folder = try #require(Self.folder)
    let tests = try TestFolder.load(
      folder: folder, commands: Self.here + "/insurance.commands.yml", stubs: Self.here + "/insurance.stubs.yml")
    let run = TestRun(
      assistant: try AssistantLoader.load(folder: folder), commands: tests.commands,
      clock: WallClock(epochMilliseconds: 1_735_689_600_000, utcOffsetSeconds: 0))
    let report = await run.run(tests.cases)
    let judged = report.cases.filter { $0.status == .notJudged }.map(\.name)
    #expect(judged == ["test pattern search"])
    for result in report.cases where !judged.contains(result.name) {
      #expect(result.status == .passed, "\(TextReport.text(of: result))")
    }
    #expect(report.count(.passed) == 7)
    #expect(Set(report.readers.keys) == ["commands file", "payload"], "no understanding takes part")
    #expect(report.actionsWithoutStub == [])
  }
}
