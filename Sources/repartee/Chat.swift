import ArgumentParser
import Foundation
import Server

struct Chat: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Talks to an assistant by keyboard: the same flows, tools and journal as on the telephone.",
    discussion: """
      Empty line or Ctrl-D leaves. What was begun can be gone on with for two weeks, here (--resume) or by telephone (call the \
      line with what is shown then behind its address, which opens once; repartee calls CALL --ticket makes another). Every conversation can be replayed: repartee replay CALL.
      """)

  @OptionGroup var options: ConfigurationOptions

  @Argument(help: "The assistant's folder.")
  var folder: String

  @Option(
    help: ArgumentHelp(
      "Go on with a conversation that was left: its id, or last, the one with the latest activity. One that cannot be gone on "
        + "with is refused with the reason, exit status 1.", valueName: "conversation"))
  var resume: String?

  @Flag(help: "With --resume: begin a new conversation when that one cannot be gone on with.")
  var orNew = false

  @Flag(
    help: ArgumentHelp(
      "Take typed commands, as in test cases: /flow begins one, /SetSlots(slot=value) fills slots and answers questions. "
        + "For authors."))
  var commands = false

  func validate() throws {
    if orNew, resume == nil { throw ValidationError("--or-new goes with --resume") }
  }

  func run() async throws {
    let isTerminal = isatty(STDIN_FILENO) == 1
    let chatting = Chatting(
      folder: folder, configuration: try options.load(), environment: ProcessInfo.processInfo.environment,
      resumes: resume, beginsAnew: orNew, takesCommands: commands)
    let left = try await chatting.run(
      show: { Terminal.say("agent", $0) },
      warn: { Terminal.warn($0) },
      next: {
        if isTerminal {
          Terminal.prompt("you: ")
        }
        guard let line = readLine(), !line.isEmpty else { return nil }
        if !isTerminal { Terminal.line("you: \(line)") }
        return line
      })
    Terminal.line("call \(left.call)")
    guard let ticket = left.ticket else { return }
    Terminal.line("go on here: --resume \(left.call); by telephone: the line's address with ;conversation=\(ticket)")
  }
}
