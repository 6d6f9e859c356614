import Foundation
import TestSupport
import Testing

@testable import Server

/// Data folders of an earlier release, as it left them: two written conversations and a telephone call, each with a change. They
/// stay readable for ever, and replay the same or say from where on the assistant of today decides otherwise.
@Suite struct `Journals of an earlier release` {
  static let calls = [
    ("chats", "t3fouk9t4c89no", "shop", 301, "Main Street"), ("chats", "t7ohrfqs5dtcm", "bank", 354, "balance"),
    ("call", "c2sktoh16xlqfp3ir7cqdbeof5z", "shop", 0, "new street"),
  ]

  /// A copy: whoever opens a store brings it to the form of today.
  private func archive(_ name: String, _ home: TemporaryFolder) throws -> CallArchive {
    let kept = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/earlier-journals/\(name)")
      .path
    try FileManager.default.copyItem(atPath: kept, toPath: home.path + "/data")
    var configuration = ServerConfiguration()
    configuration.data = home.path + "/data"
    return CallArchive(configuration)
  }

  @Test(arguments: calls)
  func `are read whole, with their values, and say where today decides otherwise`(
    _ name: String, _ call: String, _ assistant: String, _ lines: Int, _ said: String
  ) async throws {
    let home = try TemporaryFolder()
    let archive = try archive(name, home)
    let listed = try #require(try await archive.listing().calls.first { $0.call == call })
    #expect(listed.hasEnded && (lines == 0 || listed.lines == lines))
    #expect(try await archive.story(of: call, reveal: true).lines.joined().contains(said))
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Examples/\(assistant)").path
    let replayed = try await archive.replay(call, assistant: folder)
    #expect(replayed.result == "other_version")
    #expect(replayed.detail?.hasPrefix("the call ran on \(assistant)@") == true)
  }
}
