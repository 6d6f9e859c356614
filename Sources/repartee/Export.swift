import ArgumentParser
import Server

struct Export: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints all that is kept of a person as JSON, in clear: for a person who asks what there is of them.",
    discussion: """
      Reads what identifies the person from standard input, as `repartee erase --person` does:
        repartee export --person --config FILE < FILE_WITH_THE_NUMBER
      One person, one line: more lines are refused.
      Prints their calls, oldest first: the transcript, and the data that were given or told, as far as `privacy.file` of the \
      configuration allows; secrets never. Needs the vault's key.
      """)

  @OptionGroup var options: ConfigurationOptions

  @Flag(help: "Export a person: the value that identifies them is read from standard input.")
  var person = false

  func validate() throws {
    if !person { throw ValidationError("name what to export: --person") }
  }

  func run() async throws {
    try Terminal.json(try await PersonArchive(try options.load()).export(PersonArchive.value(in: Terminal.person())))
  }
}
