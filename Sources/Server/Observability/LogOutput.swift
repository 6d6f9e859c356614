internal import Dispatch
internal import Foundation
internal import Synchronization

/// Writes lines on a thread of its own, so that no event loop waits for whoever reads them. When the reader is slow, lines
/// beyond a bound are dropped, and a line says how many.
final class LogOutput: Sendable {
  /// Lines that wait.
  static let limit = 4_096
  static let standardError: LogOutput = {
    let output = LogOutput(.standardError)
    // What is said last is what is most needed.
    atexit { LogOutput.standardError.flush() }
    return output
  }()

  private struct State {
    var lines: [Data] = []
    var dropped = 0
    var isWriting = false
  }
  private let file: FileHandle
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "log")

  init(_ file: FileHandle) { self.file = file }

  /// Takes a line with its end; returns at once.
  func write(_ line: Data) {
    let starts = state.withLock { state in
      guard state.lines.count < Self.limit else {
        state.dropped += 1
        return false
      }
      state.lines.append(line)
      defer { state.isWriting = true }
      return !state.isWriting
    }
    if starts { queue.async { self.drain() } }
  }

  /// Returns when what was said so far is written.
  func flush() { queue.sync { drain() } }

  private func drain() {
    while true {
      let (lines, dropped) = state.withLock { state in
        defer {
          state.isWriting = !state.lines.isEmpty
          state.lines = []
          state.dropped = 0
        }
        return (state.lines, state.dropped)
      }
      if lines.isEmpty { return }
      for line in lines { try? file.write(contentsOf: line) }
      if dropped > 0 {
        try? file.write(
          contentsOf: Data(#"{"level":"warning","message":"\#(dropped) lines of this log were dropped"}"#.utf8 + [0x0A])
        )
      }
    }
  }
}
