import ArgumentParser
import Core
import Foundation

/// Where every command writes: whatever stands in a line, a report or a document, it cannot act on the terminal.
enum Terminal {
  /// One line on standard output, at once, also into a pipe.
  static func line(_ text: String) { write(TerminalText.line(text) + "\n", to: .standardOutput) }

  /// Lines of a report on standard output, whose parts cannot hold line ends of others.
  static func report(_ text: String) { write(TerminalText.lines(text) + "\n", to: .standardOutput) }

  /// One value as JSON on standard output, keys sorted, dates by ISO 8601.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    encoder.dateEncodingStrategy = .iso8601
    write(TerminalText.json(String(decoding: try encoder.encode(value), as: UTF8.self)) + "\n", to: .standardOutput)
  }

  /// What to answer, before an answer is read.
  static func prompt(_ text: String) { write(TerminalText.line(text), to: .standardOutput) }

  /// What identifies a person, all of standard input; one line, asked for on standard error, when somebody sits there.
  static func person() -> String {
    if isatty(STDIN_FILENO) == 1 {
      write("what identifies the person: ", to: .standardError)
      return readLine() ?? ""
    }
    var lines: [String] = []
    while let line = readLine() { lines.append(line) }
    return lines.joined(separator: "\n")
  }

  /// What an agent writes: further lines of it are indented, so that none can pass for another speaker's.
  static func say(_ speaker: String, _ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { TerminalText.line($0) }
    write(
      speaker + ": " + lines.joined(separator: "\n" + String(repeating: " ", count: speaker.count + 2)) + "\n",
      to: .standardOutput)
  }

  /// A problem of a file, on standard error.
  static func warn(_ problem: String) { write(TerminalText.line(problem) + "\n", to: .standardError) }

  /// Why a command does not go on, on standard error.
  static func complain(_ text: String) { write("repartee: " + TerminalText.lines(text) + "\n", to: .standardError) }

  /// Puts a text into the file that an option names; a complaint and exit status 2 where that cannot be.
  static func save(_ text: String, at path: String) throws {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    } catch {
      complain("\(path) cannot be written")
      throw ExitCode(2)
    }
  }

  private static func write(_ text: String, to file: FileHandle) { try? file.write(contentsOf: Data(text.utf8)) }
}
