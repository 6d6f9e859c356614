import Core
import Foundation
import Testing

@testable import Assistant

/// What is named like a file of an assistant and is none: told with its place, and never waited for.
@Suite(.timeLimit(.minutes(1))) struct `A strange file` {
  private static let places = ["flows/more.yml", "more.yml", "tests/more.yaml", "assistant.yml", "domain.yml"]

  @Test(arguments: places, ["pipe", "folder", "socket", "huge"])
  func `is told`(path: String, kind: String) throws {
    let folder = try Folder(Folder.small)
    try FileManager.default.createDirectory(
      atPath: folder.path + "/tests", withIntermediateDirectories: true)
    let whole = folder.path + "/" + path
    try? FileManager.default.removeItem(atPath: whole)
    switch kind {
    case "pipe": try #require(mkfifo(whole, 0o600) == 0)
    case "socket": try #require(mknod(whole, S_IFSOCK | 0o600, 0) == 0)
    case "folder":
      try FileManager.default.createDirectory(atPath: whole, withIntermediateDirectories: true)
      try Data("flows: {}".utf8).write(to: URL(fileURLWithPath: whole + "/one.yml"))
    default:
      try Data().write(to: URL(fileURLWithPath: whole))
      try #require(truncate(whole, 1 << 30) == 0)
    }
    let report = AssistantCheck.run(folder: folder.path)
    let finding = report.findings.first { $0.location.file == path && $0.severity == .error }
    if kind == "huge", ["more.yml", "tests/more.yaml"].contains(path) {
      #expect(finding == nil, "nobody reads it")
    } else {
      let words = kind == "huge" ? "the file is larger than 16 MiB" : "it is a \(kind), not a file"
      #expect(finding?.message == words && report.status == .unreadable, "\(report.findings)")
    }
    if path.hasPrefix("tests") {
      #expect(throws: AssistantLoadError.self) { try TestFolder.load(folder: folder.path) }
    }
  }

  @Test(arguments: ["pipe", "device", "nothing"]) func `of commands is told`(kind: String) throws {
    let folder = try Folder(Folder.small)
    let path = kind == "device" ? "/dev/zero" : folder.path + "/commands.yml"
    if kind == "pipe" { try #require(mkfifo(path, 0o600) == 0) }
    let error = #expect(throws: AssistantLoadError.self) { try TestFolder.load(folder: folder.path, commands: path) }
    let words = kind == "nothing" ? "there is no such file" : "it is a \(kind), not a file"
    #expect(error?.problems.contains { $0.message == words } == true, "\(error as Any)")
  }
}
