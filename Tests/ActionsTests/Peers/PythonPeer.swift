import Foundation
import Testing

/// A server in Python that prints `{"url": ...}` when it is ready; ended with the value.
final class PythonPeer: @unchecked Sendable {  // the process is made and ended once, here
  let url: String
  private let process = Process()
  private let input = Pipe()

  private init(_ script: String, _ arguments: [String]) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardInput = input
    // A server that outlives a crashed test must not hold the test's own output open.
    process.standardError = FileHandle.nullDevice
    try process.run()
    guard let ready = try JSONSerialization.jsonObject(with: output.firstLine()) as? [String: String],
      let url = ready["url"]
    else { throw CocoaError(.fileReadCorruptFile) }
    self.url = url
  }

  /// Starts the server and waits until it is ready, beside the threads that tasks run on.
  static func start(_ script: String, _ arguments: [String] = []) async throws -> PythonPeer {
    try await blocking { try PythonPeer(script, arguments) }
  }

  // Killed, because a child of a thread that blocks signals does not hear a plea; not waited for, because `waitUntilExit`
  // works on the thread that started the process only.
  deinit { kill(process.processIdentifier, SIGKILL) }

  /// The folder of the package.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
}

/// Runs what blocks on a thread of its own.
func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
  }
}

extension Pipe {
  /// What is written up to a line break. Not up to the end: other children may have inherited the pipe and hold it open.
  func firstLine() throws -> Data {
    var data = Data()
    while data.last != UInt8(ascii: "\n") {
      let more = fileHandleForReading.availableData
      if more.isEmpty { throw CocoaError(.fileReadUnknown) }
      data += more
    }
    return data
  }
}

/// Suites that talk to real back ends, one test at a time: they hold deadlines.
@Suite(.serialized) struct RealBackEnds {}
