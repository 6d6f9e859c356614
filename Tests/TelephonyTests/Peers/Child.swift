import Foundation
import Glibc
import NIOCore
import Synchronization
import Testing

/// Another program: started with every signal unblocked and nothing of ours open, ended with the value. What it prints is read line
/// by line.
final class Child: Sendable {
  /// Lines of its output as they come.
  let lines = Mailbox<String>()
  private let exit = Mailbox<Int32>()
  private let state = State()
  private let process: pid_t

  private final class State: Sendable {
    let printed = Mutex<[String]>([])
    let isOver = Mutex(false)
  }

  /// Starts a program of `PATH` in a folder.
  init(_ command: [String], in folder: String) throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Failure(step: "pipe", code: errno) }
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
      close(ends[1])
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for number in [1, 2] as [Int32] { posix_spawn_file_actions_adddup2(&actions, ends[1], number) }
    // One that is closed meanwhile does no harm.
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
      if let number = Int32(name), number > 2 { posix_spawn_file_actions_addclose(&actions, number) }
    }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let words = (["env", "-C", folder] + command).map { strdup($0) }
    defer { for word in words { free(word) } }
    var started: pid_t = 0
    let code = posix_spawnp(&started, "env", &actions, &attributes, words + [nil], environ)
    guard code == 0 else {
      close(ends[0])
      throw Failure(step: "start \(command[0])", code: code)
    }
    let process = started
    self.process = process
    let input = ends[0]
    Thread.detachNewThread { [lines, exit, state] in
      Self.read(input) { line in
        state.printed.withLock { $0.append(line) }
        lines.put(line)
      }
      close(input)
      var status: Int32 = 0
      while waitpid(process, &status, 0) < 0, errno == EINTR {}
      state.isOver.withLock { $0 = true }
      // As a shell says it: the program's own status, or 128 and the signal.
      exit.put(status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F)
    }
  }

  deinit { stop(SIGKILL) }

  private struct Failure: Error {
    var step: String
    var code: Int32
  }

  private static func read(_ input: Int32, _ body: (String) -> Void) {
    var rest: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = Glibc.read(input, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      rest += buffer[..<count]
      while let end = rest.firstIndex(of: 10) {
        body(String(decoding: rest[..<end], as: UTF8.self))
        rest.removeFirst(end + 1)
      }
    }
    if !rest.isEmpty { body(String(decoding: rest, as: UTF8.self)) }
  }

  /// Sends a signal, unless the program has ended.
  func stop(_ signal: Int32 = SIGTERM) {
    state.isOver.withLock { if !$0 { _ = kill(process, signal) } }
  }

  /// Everything that was printed so far.
  var output: String { state.printed.withLock { $0 }.joined(separator: "\n") }

  /// Waits for a line that holds this text.
  func prints(_ text: String, _ here: SourceLocation = #_sourceLocation) async throws {
    while let line = await lines.next() { if line.contains(text) { return } }
    Issue.record("never printed `\(text)`:\n\(output)", sourceLocation: here)
    throw Failure(step: "wait for \(text)", code: 0)
  }

  /// The status that the program ends with; nil when it does not end in time.
  func status() async -> Int32? { await exit.next() }
}
