import ArgumentParser
import Foundation
import Server

struct Chat: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Talks to an assistant by keyboard: the same flows, tools and journal as on the telephone.",
    discussion: "Empty line or Ctrl-D hangs up. The call can be replayed like any other: repartee replay CALL.")

  @OptionGroup var options: ConfigurationOptions

  @Argument(help: "The assistant's folder.")
  var folder: String

  func run() async throws {
    let isTerminal = isatty(STDIN_FILENO) == 1
    let chatting = Chatting(
      folder: folder, configuration: try options.load(), environment: ProcessInfo.processInfo.environment)
    let call = try await chatting.run(
      show: { Self.tell("agent: \($0)") },
      next: {
        if isTerminal {
          FileHandle.standardOutput.write(Data("you: ".utf8))
        }
        guard let line = readLine(), !line.isEmpty else { return nil }
        if !isTerminal { Self.tell("you: \(line)") }
        return line
      })
    print("call \(call)")
  }

  /// A line at once, also into a pipe.
  private static func tell(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
