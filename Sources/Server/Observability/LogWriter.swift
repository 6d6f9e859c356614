internal import Dispatch
internal import Foundation
internal import Logging
internal import Synchronization

/// Writes log lines on a thread of its own, so that whoever logs, an event loop above all, never waits for the disk, a pipe or a
/// terminal.
///
/// What waits is bounded. When it is full new lines are dropped, counted, and the count is a line of the log as soon as there
/// is room. Lines are written in the order they were appended.
final class LogWriter: Sendable {
  /// The process's standard error; what waits when the process exits is given a second to be written.
  static let standardError: LogWriter = {
    let writer = LogWriter(capacity: 4096) { try? FileHandle.standardError.write(contentsOf: $0) }
    atexit { LogWriter.standardError.flush(within: .seconds(1)) }
    return writer
  }()

  private struct State {
    var lines: [LogLine] = []
    var dropped = 0
    /// Who waits until all before it is written.
    var flushing: [DispatchSemaphore] = []
    var isClosed = false
  }

  private let capacity: Int
  private let state = Mutex(State())
  private let filled = DispatchSemaphore(value: 0)

  /// A writer with a thread of its own, which lives until `close`.
  ///
  /// - Parameters:
  ///   - capacity: how many lines may wait while others are written.
  ///   - write: told each line with its line end, on the writer's thread; may block.
  init(capacity: Int, write: @escaping @Sendable (Data) -> Void) {
    self.capacity = capacity
    Thread { [self] in while writeNext(write) {} }.start()
  }

  /// Takes a line, or drops and counts it. Never waits for what is being written.
  func append(_ line: LogLine) {
    let isFirst = state.withLock { state in
      guard state.lines.count < capacity else {
        state.dropped += 1
        return false
      }
      state.lines.append(line)
      return state.lines.count == 1
    }
    if isFirst { filled.signal() }
  }

  /// Waits until what was appended before is written; false when that took longer.
  @discardableResult func flush(within time: DispatchTimeInterval) -> Bool {
    let written = DispatchSemaphore(value: 0)
    state.withLock { $0.flushing.append(written) }
    filled.signal()
    return written.wait(timeout: .now() + time) == .success
  }

  /// Ends the thread once what waits is written.
  func close() {
    state.withLock { $0.isClosed = true }
    filled.signal()
  }

  /// Waits for lines and writes all there are; false after `close`.
  private func writeNext(_ write: (Data) -> Void) -> Bool {
    filled.wait()
    let taken = state.withLock { state in
      defer { state = State(isClosed: state.isClosed) }
      return state
    }
    for line in taken.lines { write(line.bytes) }
    if taken.dropped > 0 {
      write(
        LogLine(
          level: .warning, label: "repartee",
          message: "log lines were dropped: they came faster than they were written",
          metadata: ["dropped": "\(taken.dropped)"]
        ).bytes)
    }
    for written in taken.flushing { written.signal() }
    return !taken.isClosed
  }
}
