import ArgumentParser
import Server

struct New: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a small assistant that works at once: a folder with flows, sentences, examples and tests.")

  @Argument(help: "Its name, and its folder's: letters, digits, `_` and `-`.")
  var name: String

  @Option(name: .customLong("in"), help: "The folder it is made in.")
  var parent = "."

  func run() throws {
    let folder = try NewAssistant(name: name, in: parent).write()
    Terminal.report(
      """
      \(folder) is written. Next:
        repartee check \(folder)      is it right?
        repartee test \(folder)       play its dialogues
        repartee chat \(folder)       talk to it by keyboard
        repartee serve --config \(folder)/server.yml   answer the telephone with it
      Then write your own: \(folder)/README.md says what is where.
      """)
  }
}
