import ArgumentParser
import Server

struct Erase: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Deletes the keys of what was said in a call, or in all calls of a person: nobody can read it any more.",
    discussion: """
      A person is who a tool with `identifies` in tools.yml finds out, known by the value it gives, such as a customer number. \
      --person reads that value from standard input, so that it stands in no shell's history:
        repartee erase --person --config FILE < FILE_WITH_THE_NUMBER
      and says how many calls and values it reached: what callers said, and what tools said of them. One person, one line: more \
      lines are refused, and nothing is erased. A call in which a person was identified stands for all their calls.
      A call that is under way goes on, and is named: what is said in it from then on lies under a new key and stays, so erase again \
      when it is over. Needs the vault's key. Cannot be undone.
      """)

  @OptionGroup var options: ConfigurationOptions

  @Argument(help: "The call's id, or `last`: the one with the latest activity.")
  var call: String?

  @Flag(help: "Erase a person: the value that identifies them is read from standard input.")
  var person = false

  func validate() throws {
    if person == (call != nil) { throw ValidationError("name a call, or a person by --person") }
  }

  func run() async throws {
    if let call {
      Terminal.report(try await CallArchive(try options.load()).erase(call).text)
    } else {
      let archive = PersonArchive(try options.load())
      Terminal.report(try await archive.erase(PersonArchive.value(in: Terminal.person())).text)
    }
  }
}
