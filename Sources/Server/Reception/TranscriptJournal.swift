internal import Core
internal import Foundation
internal import Governance
internal import Insight
internal import Synchronization

/// A journal that also writes what is said to a file, in clear, one line of JSON each: for rehearsals, when asked for.
final class TranscriptJournal: Journal {
  private struct State {
    var folds: [CallID: TranscriptFold] = [:]
    var file: FileHandle?
  }
  private let journal: any Journal
  private let policy: DataPolicy
  private let state: Mutex<State>

  /// The file is made readable by its owner only; one that is there is written on, and nothing of it is lost.
  init(_ journal: any Journal, file path: String, policy: DataPolicy) {
    self.journal = journal
    self.policy = policy
    if FileManager.default.fileExists(atPath: path) {
      try? FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    } else {
      _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
    }
    let handle = FileHandle(forWritingAtPath: path)
    _ = try? handle?.seekToEnd()
    state = Mutex(State(file: handle))
  }

  func append(_ entries: [JournalEntry]) {
    journal.append(entries)
    state.withLock { state in
      for entry in entries { write(entry, &state) }
    }
  }

  func flush(_ call: CallID) async throws { try await journal.flush(call) }

  func close(_ call: CallID) {
    journal.close(call)
    state.withLock { state in
      guard var fold = state.folds.removeValue(forKey: call) else { return }
      write(fold.rest(), state)
    }
  }

  private func write(_ entry: JournalEntry, _ state: inout State) {
    var fold = state.folds[entry.call] ?? TranscriptFold(for: .file, by: policy)
    let lines = fold.take(entry)
    state.folds[entry.call] = fold
    write(lines, state)
  }

  private func write(_ lines: [TranscriptLine], _ state: State) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    for line in lines {
      guard let document = try? encoder.encode(line) else { continue }
      // People follow this file on a terminal.
      let shown = TerminalText.json(String(decoding: document, as: UTF8.self)) + "\n"
      try? state.file?.write(contentsOf: Data(shown.utf8))
    }
  }
}
