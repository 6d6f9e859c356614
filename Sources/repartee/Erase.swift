import ArgumentParser
import Server

struct Erase: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Deletes the key of what was said in a call: nobody can read it any more, and the call still replays.",
    discussion: "A known person's calls share a key: all of them are erased. Needs the vault's key. Cannot be undone.")

  @OptionGroup var options: ConfigurationOptions

  @Argument(help: "The call's id, or `last`: the one with the latest activity.")
  var call: String

  func run() async throws {
    Terminal.line("\(try await CallArchive(try options.load()).erase(call)): erased")
  }
}
